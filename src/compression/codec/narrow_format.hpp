// The formats that hold every value in fewer bits and nothing else: each file of theirs is a line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compression/codec/decode.hpp"
#include "compression/codec/narrow.hpp"
#include "compression/format.hpp"

namespace ovbake {

template <const ElementType& kType>
constexpr WeightFormat narrow_format(std::string_view name, Narrow narrow, Narrow narrow_scalar) {
  return {
      .name = name,
      .layout =
          [](const WeightShape& weight) {
            return std::vector<ConstantLayout>{{"", kType, weight.shape}};
          },
      .rounding = WeightFormat::Narrowed{narrow, narrow_scalar},
      .decode =
          [](const WeightShape& /*weight*/, const ov::OutputVector& constants,
             const std::string& narrowed) { return decompress_to_f32(constants[0], narrowed); }};
}

}  // namespace ovbake
