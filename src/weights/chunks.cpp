#include "weights/chunks.hpp"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <tuple>

#include "base/parallel_for.hpp"

namespace ovbake {
namespace {

/// Rows from one place on which no chunk may stand to the next.
std::int64_t rows_together(const Reading& reading) {
  const std::int64_t in_part = reading.source.rows_of_part();
  return in_part % reading.alignment == 0 ? in_part : reading.source.rows;
}

/// Where the first row of a chunk lies.
auto place(const Chunk& chunk, std::span<const Reading> readings) {
  const RowSource& source = readings[chunk.weight].source;
  const auto part = static_cast<std::size_t>(chunk.first_row / source.rows_of_part());
  return std::tuple_cat(source.storage->place(part), std::tuple(chunk.weight, chunk.ordinal));
}

}  // namespace

Reading reading_of(const RowSource& source, std::uint64_t chunk_bytes, std::int64_t alignment) {
  const std::int64_t together = std::lcm(alignment, source.rows_of_block());
  return {source, alignment, rows_of(chunk_bytes, source.row_bytes(), together)};
}

void append_chunks(std::size_t weight, const Reading& reading, std::vector<Chunk>& chunks) {
  const std::int64_t together = rows_together(reading);
  std::size_t ordinal = 0;
  for (std::int64_t begin = 0; begin < reading.source.rows; begin += together) {
    for (std::int64_t done = 0; done < together; done += reading.chunk_rows) {
      chunks.push_back({.weight = weight,
                        .ordinal = ordinal++,
                        .first_row = begin + done,
                        .rows = std::min(reading.chunk_rows, together - done)});
    }
  }
}

void sort_by_place(std::vector<Chunk>& chunks, std::span<const Reading> readings) {
  std::ranges::sort(chunks, {}, [&](const Chunk& chunk) { return place(chunk, readings); });
}

void expect(std::span<const Chunk> chunks, std::span<const Reading> readings,
            const Checkpoint& checkpoint) {
  std::vector<const StoredTensor*> tensors;
  for (const Chunk& chunk : chunks) {
    const RowSource& source = readings[chunk.weight].source;
    for (const PartRows& rows : source.parts_of(chunk.first_row, chunk.rows)) {
      tensors.push_back(source.storage->parts[rows.part].tensor);
      if (!source.storage->scales.empty()) {
        tensors.push_back(source.storage->scales[rows.part].tensor);
      }
    }
  }
  std::ranges::sort(tensors, {}, [](const StoredTensor* tensor) {
    return std::pair(tensor->file, tensor->offset);
  });
  tensors.erase(std::unique(tensors.begin(), tensors.end()), tensors.end());
  checkpoint.expect(tensors);
}

std::vector<double> largest_of(
    std::span<const Chunk> chunks, std::span<const Reading> readings, const Checkpoint& checkpoint,
    unsigned threads, bool allow_nonfinite,
    const std::function<double(const Chunk&, const RowBlock&)>& measure) {
  std::vector<double> result(readings.size(), 0);
  expect(chunks, readings, checkpoint);
  std::mutex mutex;
  std::vector<RowReader> readers(threads, RowReader(checkpoint, allow_nonfinite));
  parallel_for(chunks.size(), threads, [&](std::size_t index, unsigned worker) {
    const Chunk& chunk = chunks[index];
    const auto& [source, alignment, chunk_rows] = readings[chunk.weight];
    double largest = 0;
    readers[worker].read(
        source, chunk.first_row, chunk.rows, alignment,
        [&](const RowBlock& block) { largest = std::max(largest, measure(chunk, block)); });
    const std::lock_guard lock(mutex);
    result[chunk.weight] = std::max(result[chunk.weight], largest);
  });
  return result;
}

}  // namespace ovbake
