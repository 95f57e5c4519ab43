// The formats that are codes and one scale a group, or a row: each file of theirs is a line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compression/codec/decode.hpp"
#include "compression/codec/groups.hpp"
#include "compression/codec/packing.hpp"
#include "compression/format.hpp"

namespace ovbake {

/// Packs what a kernel makes of a block: codes of 4 or 8 bits, scales as f16 or f8e8m0.
template <const ElementType& kCodes, const ElementType& kScale, GroupKernel kKernel>
void encode_scaled(const WeightShape& weight, const RowBlock& block, ConstantBytes constants) {
  static_assert(kCodes.bits == 4 || kCodes.bits == 8);
  const EncodedGroups encoded = encode_groups(weight, block, kKernel);
  (kCodes.bits == 4 ? pack_nibbles : pack_bytes)(encoded.codes, constants[0]);
  (kScale == element::f16 ? pack_f16 : pack_e8m0)(encoded.scales, constants[1]);
}

template <const ElementType& kCodes, const ElementType& kScale, GroupKernel kKernel,
          GroupKernel kScalarKernel>
constexpr WeightFormat scaled_format(std::string_view name, WeightFormat::Groups groups,
                                     std::int64_t default_group_size) {
  return {.name = name,
          .groups = groups,
          .default_group_size = default_group_size,
          .layout =
              [](const WeightShape& weight) {
                return std::vector<ConstantLayout>{{"", kCodes, weight.codes_shape()},
                                                   {"/scale", kScale, weight.scale_shape()}};
              },
          .encode = encode_scaled<kCodes, kScale, kKernel>,
          .encode_scalar = encode_scaled<kCodes, kScale, kScalarKernel>,
          .decode =
              [](const WeightShape& weight, const ov::OutputVector& constants,
                 const std::string& scaled) {
                return decode_scaled(weight, {constants[0], {}, constants[1]}, scaled);
              }};
}

}  // namespace ovbake
