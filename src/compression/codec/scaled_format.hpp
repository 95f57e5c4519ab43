// The formats that are codes and a scale a group, with or without zero points: each file of theirs
// is a line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compression/codec/decode.hpp"
#include "compression/codec/packing.hpp"
#include "compression/format.hpp"

namespace ovbake {

/// What is subtracted from codes as they are stored.
enum class ZeroPoints {
  none,
  each,  ///< Every group has its own.
  one,   ///< 2^(bits − 1), because OpenVINO has no signed integers of so few bits.
};

/// Codes as constants: "", then "/zero_point" where there is one, then "/scale".
template <const ElementType& kCodes, const ElementType& kScales, ZeroPoints kZeroPoints>
struct Scaled {
  static_assert(kScales == element::f16 || kScales == element::f8e8m0);

  static std::vector<ConstantLayout> layout(const WeightShape& weight) {
    std::vector<ConstantLayout> constants{{"", kCodes, weight.codes_shape()}};
    if (kZeroPoints == ZeroPoints::each) {
      constants.push_back({"/zero_point", kCodes, weight.scale_shape()});
    } else if (kZeroPoints == ZeroPoints::one) {
      constants.push_back(
          {.suffix = "/zero_point", .type = element::i8, .shape = {}, .per_row = false});
    }
    constants.push_back({"/scale", kScales, weight.scale_shape()});
    return constants;
  }

  static constexpr std::uint8_t kZeroPoint = 1U << (kCodes.bits - 1);

  static void pack(const WeightShape& /*weight*/, const Codes& codes, float /*max_abs*/,
                   ConstantBytes constants) {
    if (kZeroPoints == ZeroPoints::one) {
      for (std::uint8_t& code : codes.codes) code += kZeroPoint;
    }
    pack_codes(kCodes.bits, codes.codes, constants[0]);
    if (kZeroPoints == ZeroPoints::each) {
      pack_codes(kCodes.bits, codes.zero_points, constants[1]);
    }
    (kScales == element::f16 ? pack_f16 : pack_e8m0)(codes.scales, constants.back());
  }

  static void pack_whole(const WeightShape& /*weight*/, float /*max_abs*/,
                         ConstantBytes constants) {
    constants[1][0] = std::byte{kZeroPoint};
  }

  static ov::Output<ov::Node> decode(const WeightShape& weight, const ov::OutputVector& constants,
                                     const std::string& name) {
    ScaledConstants scaled{constants.front(), {}, constants.back()};
    if (kZeroPoints != ZeroPoints::none) scaled.zero_point = constants[1];
    return decode_scaled(weight, scaled, name);
  }
};

template <const ElementType& kCodes, const ElementType& kScales, ZeroPoints kZeroPoints>
constexpr WeightFormat scaled_format(std::string_view name, WeightFormat::Groups groups,
                                     std::int64_t default_group_size, const Quantizer& quantizer) {
  using Constants = Scaled<kCodes, kScales, kZeroPoints>;
  return {.name = name,
          .groups = groups,
          .default_group_size = default_group_size,
          .layout = Constants::layout,
          .rounding = WeightFormat::Coded{.grid = {quantizer.numbers, kCodes.bits, kScales},
                                          .quantize = quantizer.quantize,
                                          .quantize_scalar = quantizer.scalar,
                                          .pack = Constants::pack},
          .pack_whole = kZeroPoints == ZeroPoints::one ? Constants::pack_whole : nullptr,
          .decode = Constants::decode};
}

}  // namespace ovbake
