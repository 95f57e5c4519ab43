// NNCF's quantization to narrow floats and to tables of values. A group's values are divided by
// its scale and become the nearest of the codes' values.
#pragma once

#include <array>

#include "compression/codec/groups.hpp"

namespace ovbake {

/// scale = max|value| / (the largest value of a code), at least kSmallestScale: for small weights
/// after the division, for others before it. Ties go to the even code (e2m1, e4m3), or to the lower
/// one (nf4, cb4); −0 keeps its sign where codes have one.
void float_groups(Numbers numbers, const Groups& groups, const Codes& out);
void float_groups_scalar(Numbers numbers, const Groups& groups, const Codes& out);

/// The same with scales rounded up to powers of two (as MX formats have them), by the logarithm
/// that NNCF takes: in f32, which lifts some exact powers to the next.
void mx_groups(Numbers numbers, const Groups& groups, const Codes& out);
void mx_groups_scalar(Numbers numbers, const Groups& groups, const Codes& out);

template <Numbers kNumbers>
inline constexpr Quantizer float_quantizer{
    .numbers = kNumbers,
    .quantize = [](const Groups& groups, const Codes& out) { float_groups(kNumbers, groups, out); },
    .scalar = [](const Groups& groups,
                 const Codes& out) { float_groups_scalar(kNumbers, groups, out); }};
template <Numbers kNumbers>
inline constexpr Quantizer mx_quantizer{
    .numbers = kNumbers,
    .quantize = [](const Groups& groups, const Codes& out) { mx_groups(kNumbers, groups, out); },
    .scalar = [](const Groups& groups,
                 const Codes& out) { mx_groups_scalar(kNumbers, groups, out); }};

/// The scale of a group of Numbers::e2m1 or e4m3 whose largest magnitude is `max_abs`.
float float_scale(Numbers numbers, float max_abs, bool small_weight);

/// A value of magnitude up to 448 as e4m3, rounded to f16 on the way.
std::uint8_t e4m3_from_float(float value);

/// The values of cb4's codes, each of them exact in e4m3.
inline constexpr std::array<float, 16> kCb4Values{
    -3.5F,    -2.5F,   -1.875F, -1.375F, -1.0F, -0.625F, -0.3125F, 0.0F,
    0.28125F, 0.5625F, 0.875F,  1.125F,  1.5F,  2.0F,    2.5F,     3.5F};

}  // namespace ovbake
