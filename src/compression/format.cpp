#include "compression/format.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace ovbake {
namespace {

std::int64_t elements_per_row(const WeightShape& weight, const ConstantLayout& constant) {
  const std::int64_t rows = weight.rows();
  return rows == 0 ? 0 : element_count(constant.shape) / rows;
}

}  // namespace

Shape WeightShape::codes_shape() const {
  Shape codes = shape;
  if (grouped()) {
    codes.back() = groups_per_row();
    codes.push_back(group_size);
  }
  return codes;
}

Shape WeightShape::scale_shape() const {
  Shape scale = codes_shape();
  scale.back() = 1;
  return scale;
}

std::int64_t row_alignment(const WeightShape& weight, std::span<const ConstantLayout> layout) {
  std::int64_t rows = 1;
  for (const ConstantLayout& constant : layout) {
    if (!constant.per_row) continue;
    while (rows * elements_per_row(weight, constant) * constant.type.bits % 8 != 0) rows *= 2;
  }
  return rows;
}

std::uint64_t row_bytes(const WeightShape& weight, const ConstantLayout& constant,
                        std::int64_t rows) {
  return byte_count(constant.type, {rows * elements_per_row(weight, constant)});
}

Codes quantized(const WeightShape& weight, const RowBlock& block, Quantize quantize) {
  thread_local std::vector<std::uint8_t> codes;
  thread_local std::vector<float> scales;
  thread_local std::vector<std::uint8_t> zero_points;

  const Groups groups{
      .values = block.values,
      .count = static_cast<std::size_t>(block.rows * weight.groups_per_row()),
      .elems = static_cast<std::size_t>(weight.group_columns()),
      .small_weight = element_count(weight.shape) < kSmallWeightElems,
  };
  codes.resize(groups.count * groups.elems);
  scales.resize(groups.count);
  zero_points.resize(groups.count);
  const Codes result{codes, scales, zero_points};
  quantize(groups, result);
  return result;
}

void encode(const WeightFormat& format, const WeightShape& weight, const RowBlock& block,
            float max_abs, ConstantBytes constants) {
  if (const auto* coded = std::get_if<WeightFormat::Coded>(&format.rounding)) {
    return coded->pack(weight, quantized(weight, block, coded->quantize), max_abs, constants);
  }
  const auto elements = static_cast<std::size_t>(block.rows * weight.columns());
  std::get<WeightFormat::Narrowed>(format.rounding).narrow({block.values, elements}, constants[0]);
}

const WeightFormat& find_format(std::string_view name) {
  for (const WeightFormat* format : formats()) {
    if (format->name == name) return *format;
  }
  std::vector<std::string_view> names;
  for (const WeightFormat* format : formats()) names.push_back(format->name);
  std::ranges::sort(names);
  throw usage_error("There is no weight format named {}; the known ones are {}.", name,
                    fmt::join(names, ", "));
}

}  // namespace ovbake
