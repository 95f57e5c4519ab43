#include "weights/chunks.hpp"

#include <algorithm>
#include <mutex>
#include <tuple>

#include "base/parallel_for.hpp"

namespace ovbake {
namespace {

/// Where the first row of a chunk lies.
auto place(const Chunk& chunk, std::span<const WeightRows> weights) {
  const WeightRows& weight = weights[chunk.weight];
  const auto matrix = static_cast<std::size_t>(chunk.first_row / weight.rows_of_matrix());
  return std::tuple_cat(weight.storage->place(matrix), std::tuple(chunk.weight, chunk.ordinal));
}

}  // namespace

std::int64_t rows_in_chunk(const WeightRows& weight, std::uint64_t chunk_bytes) {
  return rows_of(chunk_bytes, weight.row_bytes(), weight.rows_together());
}

void append_chunks(std::size_t index, const WeightRows& weight, std::int64_t chunk_rows,
                   std::vector<Chunk>& chunks) {
  const bool by_matrix = weight.rows_of_matrix() % weight.alignment == 0;
  const std::int64_t run = by_matrix ? weight.rows_of_matrix() : weight.rows;
  std::size_t ordinal = 0;
  for (std::int64_t begin = 0; begin < weight.rows; begin += run) {
    for (std::int64_t done = 0; done < run; done += chunk_rows) {
      chunks.push_back({.weight = index,
                        .ordinal = ordinal++,
                        .first_row = begin + done,
                        .rows = std::min(chunk_rows, run - done)});
    }
  }
}

void sort_by_place(std::vector<Chunk>& chunks, std::span<const WeightRows> weights) {
  std::ranges::sort(chunks, {}, [&](const Chunk& chunk) { return place(chunk, weights); });
}

void expect(std::span<const Chunk> chunks, std::span<const WeightRows> weights,
            const Checkpoint& checkpoint) {
  std::vector<const StoredTensor*> tensors;
  for (const Chunk& chunk : chunks) {
    const WeightRows& weight = weights[chunk.weight];
    for (const MatrixRows& rows : by_matrix(weight, chunk.first_row, chunk.rows)) {
      for (const StoredPart& part : weight.storage->matrices[rows.matrix]) {
        tensors.push_back(part.tensor);
      }
    }
  }
  std::ranges::sort(tensors, {}, [](const StoredTensor* tensor) {
    return std::pair(tensor->file, tensor->offset);
  });
  tensors.erase(std::unique(tensors.begin(), tensors.end()), tensors.end());
  checkpoint.expect(tensors);
}

// Lines that several rows share, and columns, lie in pages that other chunks read too.
void drop_from_cache(const Chunk& chunk, const WeightRows& weight, const Checkpoint& checkpoint) {
  const Storage& storage = *weight.storage;
  const bool last = chunk.first_row + chunk.rows == weight.rows;
  for (std::size_t part = 0; part < storage.parts.size(); ++part) {
    const auto& [line_bytes, lines, rows_per_line, element_bytes, transposed] = storage.parts[part];
    if (!transposed && rows_per_line == 1) {
      for (const MatrixRows& rows : by_matrix(weight, chunk.first_row, chunk.rows)) {
        checkpoint.drop_from_cache(*storage.matrices[rows.matrix][part].tensor,
                                   place_of(storage, rows, part));
      }
    } else if (last) {
      for (const auto& matrix : storage.matrices) {
        checkpoint.drop_from_cache(*matrix[part].tensor, {0, matrix[part].tensor->bytes});
      }
    }
  }
}

std::vector<double> largest_of(
    std::span<const Chunk> chunks, std::span<const WeightRows> weights,
    const Checkpoint& checkpoint, unsigned threads, bool allow_nonfinite,
    const std::function<double(const Chunk&, const RowBlock&)>& measure) {
  std::vector<double> result(weights.size(), 0);
  expect(chunks, weights, checkpoint);
  std::mutex mutex;
  std::vector<RowReader> readers(threads, RowReader(checkpoint, allow_nonfinite));
  parallel_for(chunks.size(), threads, [&](std::size_t index, unsigned worker) {
    const Chunk& chunk = chunks[index];
    double largest = 0;
    readers[worker].read(
        weights[chunk.weight], chunk.first_row, chunk.rows,
        [&](const RowBlock& block) { largest = std::max(largest, measure(chunk, block)); });
    const std::lock_guard lock(mutex);
    result[chunk.weight] = std::max(result[chunk.weight], largest);
  });
  return result;
}

}  // namespace ovbake
