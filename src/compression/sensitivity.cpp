#include "compression/sensitivity.hpp"

#include <algorithm>
#include <iterator>

#include "compression/codec/integer.hpp"
#include "weights/chunks.hpp"

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
  const Codes codes = quantized(weight, block, asymmetric_quantizer<8>.quantize);
  const auto columns = static_cast<std::size_t>(weight.columns());
  double largest = 0;
  for (std::size_t row = 0; row < static_cast<std::size_t>(block.rows); ++row) {
    largest = std::max(largest, row_error({block.values + row * columns, columns},
                                          codes.codes.subspan(row * columns, columns),
                                          codes.scales[row], codes.zero_points[row]));
  }
  return largest;
}

}  // namespace

std::vector<double> Sensitivity::of(const std::vector<PlannedTensor*>& weights) {
  std::vector<const PlannedTensor*> fresh;
  std::ranges::copy_if(weights, std::back_inserter(fresh), [&](const PlannedTensor* weight) {
    return !error_by_name_.contains(weight->tensor.name);
  });
  stream(fresh);

  std::vector<double> scores;
  for (const PlannedTensor* weight : weights) {
    const double eps = weight->exported_dtype == "F32" ? 0x1p-23 : 0x1p-10;
    scores.push_back(1 / (error_by_name_.at(weight->tensor.name) + eps));
  }
  return scores;
}

void Sensitivity::stream(const std::vector<const PlannedTensor*>& weights) {
  std::vector<WeightRows> rows;
  std::vector<Chunk> chunks;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    rows.push_back(weights[i]->rows());
    append_chunks(i, rows[i], rows_in_chunk(rows[i], kChunkBytes), chunks);
  }
  sort_by_place(chunks, rows);

  const std::vector<double> errors = largest_of(
      chunks, rows, checkpoint_, threads_, false, [&](const Chunk& chunk, const RowBlock& block) {
        const WeightShape by_row{.shape = weights[chunk.weight]->weight.shape};
        return largest_row_error(by_row, block);
      });
  for (std::size_t i = 0; i < weights.size(); ++i) {
    error_by_name_.emplace(weights[i]->tensor.name, errors[i]);
  }
}

}  // namespace ovbake
