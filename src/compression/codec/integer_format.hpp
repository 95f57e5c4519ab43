// The formats of integers: each file of theirs is a line.
#pragma once

#include <string_view>

#include "compression/codec/integer.hpp"
#include "compression/codec/scaled_format.hpp"

namespace ovbake {

template <const ElementType& kCodes>
constexpr WeightFormat symmetric_format(std::string_view name, WeightFormat::Groups groups,
                                        std::int64_t default_group_size) {
  constexpr bool kIsSigned = kCodes == element::i4 || kCodes == element::i8;
  return scaled_format < kCodes, element::f16,
         kIsSigned ? ZeroPoints::none
                   : ZeroPoints::one >
                         (name, groups, default_group_size, symmetric_quantizer<kCodes.bits>);
}

template <const ElementType& kCodes>
constexpr WeightFormat asymmetric_format(std::string_view name, WeightFormat::Groups groups,
                                         std::int64_t default_group_size) {
  return scaled_format<kCodes, element::f16, ZeroPoints::each>(name, groups, default_group_size,
                                                               asymmetric_quantizer<kCodes.bits>);
}

}  // namespace ovbake
