#include "compression/sensitivity.hpp"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <utility>

#include "base/parallel_for.hpp"
#include "compression/codec/integer.hpp"
#include "compression/row_reader.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kChunkBytes = 1 << 20;

/// Mean over the row of (w − (code − zero_point) · scale)², the terms as f32.
double row_error(std::span<const float> row, std::span<const std::uint8_t> codes, float scale,
                 std::uint8_t zero_point) {
  double sum = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const float difference = static_cast<float>(codes[i] - zero_point) * scale - row[i];
    sum += static_cast<double>(difference * difference);
  }
  return sum / static_cast<double>(row.size());
}

double largest_row_error(const WeightShape& weight, const RowBlock& block) {
  const EncodedGroups encoded = encode_groups(weight, block, asymmetric<8>);
  const auto columns = static_cast<std::size_t>(weight.columns());
  double largest = 0;
  for (std::size_t row = 0; row < static_cast<std::size_t>(block.rows); ++row) {
    largest = std::max(largest, row_error({block.values + row * columns, columns},
                                          encoded.codes.subspan(row * columns, columns),
                                          encoded.scales[row], encoded.zero_points[row]));
  }
  return largest;
}

/// Tells the checkpoint what will be read, and returns the indices of `weights` in that order.
std::vector<std::size_t> expect_in_file_order(const std::vector<PlannedTensor*>& weights,
                                              const Checkpoint& checkpoint) {
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t index) {
    return std::pair(weights[index]->source->file, weights[index]->source->offset);
  });
  std::vector<const StoredTensor*> expected;
  for (const std::size_t index : order) expected.push_back(weights[index]->source);
  checkpoint.expect(expected);
  return order;
}

}  // namespace

std::vector<double> sensitivity(const std::vector<PlannedTensor*>& weights,
                                const Checkpoint& checkpoint, unsigned threads) {
  struct Chunk {
    std::size_t weight;
    std::int64_t first_row;
    std::int64_t rows;
  };
  std::vector<RowSource> sources;
  for (const PlannedTensor* weight : weights) sources.push_back(row_source(*weight));
  std::vector<Chunk> chunks;
  for (const std::size_t i : expect_in_file_order(weights, checkpoint)) {
    const WeightShape& weight = weights[i]->weight;
    const std::int64_t rows = rows_of(kChunkBytes, sources[i].row_bytes(), 1);
    for (std::int64_t first = 0; first < weight.rows(); first += rows) {
      chunks.push_back({i, first, std::min(rows, weight.rows() - first)});
    }
  }

  std::vector<double> errors(weights.size(), 0);
  std::vector<RowReader> readers(threads, RowReader(checkpoint));
  std::mutex mutex;
  parallel_for(chunks.size(), threads, [&](std::size_t index, unsigned worker) {
    const Chunk& chunk = chunks[index];
    const WeightShape by_row{.shape = weights[chunk.weight]->weight.shape};
    double largest = 0;
    readers[worker].read(sources[chunk.weight], chunk.first_row, chunk.rows, 1,
                         [&](const RowBlock& block) {
                           largest = std::max(largest, largest_row_error(by_row, block));
                         });
    const std::lock_guard lock(mutex);
    errors[chunk.weight] = std::max(errors[chunk.weight], largest);
  });

  std::vector<double> scores;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double eps = weights[i]->cast_dtype == "F32" ? 0x1p-23 : 0x1p-10;
    scores.push_back(1 / (errors[i] + eps));
  }
  return scores;
}

}  // namespace ovbake
