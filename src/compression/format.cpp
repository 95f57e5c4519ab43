#include "compression/format.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace ovbake {
namespace {

std::uint64_t bits_per_row(const WeightShape& weight, const ConstantLayout& constant) {
  const std::int64_t elements = element_count(constant.shape) / weight.rows();
  return static_cast<std::uint64_t>(elements) * static_cast<std::uint64_t>(constant.type.bits);
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
    if (!constant.per_row || weight.rows() == 0) continue;
    while (static_cast<std::uint64_t>(rows) * bits_per_row(weight, constant) % 8 != 0) rows *= 2;
  }
  return rows;
}

std::uint64_t row_bytes(const WeightShape& weight, const ConstantLayout& constant,
                        std::int64_t rows) {
  return (static_cast<std::uint64_t>(rows) * bits_per_row(weight, constant) + 7) / 8;
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
