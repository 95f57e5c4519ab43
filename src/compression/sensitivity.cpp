#include "compression/sensitivity.hpp"

#include <algorithm>

#include "compression/chunks.hpp"
#include "compression/codec/integer.hpp"

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

}  // namespace

std::vector<double> sensitivity(const std::vector<PlannedTensor*>& weights,
                                const Checkpoint& checkpoint, unsigned threads) {
  std::vector<Reading> readings;
  std::vector<Chunk> chunks;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    readings.push_back(reading_of(*weights[i], kChunkBytes, 1));
    append_chunks(i, readings[i], chunks);
  }
  sort_by_place(chunks, readings);

  const std::vector<double> errors = largest_of(
      chunks, readings, checkpoint, threads, false, [&](const Chunk& chunk, const RowBlock& block) {
        const WeightShape by_row{.shape = weights[chunk.weight]->weight.shape};
        return largest_row_error(by_row, block);
      });

  std::vector<double> scores;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double eps = weights[i]->exported_dtype == "F32" ? 0x1p-23 : 0x1p-10;
    scores.push_back(1 / (errors[i] + eps));
  }
  return scores;
}

}  // namespace ovbake
