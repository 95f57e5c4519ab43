// The formats that hold every value in fewer bits and nothing else: each file of theirs is a line.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compression/codec/decode.hpp"
#include "compression/codec/narrow.hpp"
#include "compression/format.hpp"

namespace ovbake {

using Narrow = void (*)(std::span<const float> values, std::span<std::byte> into);

template <Narrow kNarrow>
void encode_narrow(const WeightShape& weight, const RowBlock& block, ConstantBytes constants) {
  const auto elements = static_cast<std::size_t>(block.rows * weight.columns());
  kNarrow({block.values, elements}, constants[0]);
}

template <const ElementType& kType, Narrow kNarrow, Narrow kScalarNarrow>
constexpr WeightFormat narrow_format(std::string_view name) {
  return {
      .name = name,
      .layout =
          [](const WeightShape& weight) {
            return std::vector<ConstantLayout>{{"", kType, weight.shape}};
          },
      .encode = encode_narrow<kNarrow>,
      .encode_scalar = encode_narrow<kScalarNarrow>,
      .decode =
          [](const WeightShape& /*weight*/, const ov::OutputVector& constants,
             const std::string& narrowed) { return decompress_to_f32(constants[0], narrowed); }};
}

}  // namespace ovbake
