// bfloat16 (1-8-7 bits) and IEEE binary16 (1-5-10 bits), as bit patterns, to and from float.
// Narrowing rounds to nearest, ties to even; what is too large becomes infinity, what is too small
// a subnormal or zero. A NaN stays one: made quiet, with the leading bits of its payload.
#pragma once

#include <bit>
#include <cstdint>

namespace ovbake {

constexpr float float_from_bf16(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

constexpr std::uint16_t bf16_from_float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const bool nan = (bits & 0x7fffffff) > 0x7f800000;
  if (nan) return static_cast<std::uint16_t>(bits >> 16 | 0x40);
  const std::uint32_t ties_to_even = 0x7fff + (bits >> 16 & 1);
  return static_cast<std::uint16_t>((bits + ties_to_even) >> 16);
}

constexpr float float_from_f16(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000U) << 16;
  const std::uint32_t exponent = bits >> 10 & 0x1f;
  const std::uint32_t fraction = bits & 0x3ff;
  if (exponent == 0) {
    const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(magnitude) | sign);
  }
  if (exponent == 0x1f) {
    const std::uint32_t quiet = fraction != 0 ? 0x00400000 : 0;
    return std::bit_cast<float>(sign | 0x7f800000 | fraction << 13 | quiet);
  }
  return std::bit_cast<float>(sign | (exponent + 127 - 15) << 23 | fraction << 13);
}

constexpr std::uint16_t f16_from_float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000);
  const std::uint32_t magnitude = bits & 0x7fffffff;
  const auto with_sign = [sign](std::uint32_t half) {
    return static_cast<std::uint16_t>(sign | half);
  };

  if (magnitude > 0x7f800000) return with_sign(0x7e00 | (magnitude >> 13 & 0x3ff));
  if (magnitude >= 0x477ff000) return with_sign(0x7c00);  // 65520: halfway to 2^16 and above
  if (magnitude < 0x38800000) {                           // 2^-14: the result is subnormal or zero
    // Adding 0.5, whose unit in the last place is 2^-24, lets the FPU do the rounding.
    const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
    return with_sign(std::bit_cast<std::uint32_t>(shifted) - std::bit_cast<std::uint32_t>(0.5F));
  }
  const std::uint32_t ties_to_even = 0xfff + (magnitude >> 13 & 1);
  return with_sign((magnitude - ((127U - 15U) << 23) + ties_to_even) >> 13);
}

}  // namespace ovbake
