// NNCF's quantization to narrow floats and to tables of values, as kernels over groups. A group's
// values are divided by its scale and become the nearest of the codes' values.
#pragma once

#include <array>

#include "compression/codec/groups.hpp"

namespace ovbake {

/// What the codes of a format mean.
enum class FloatCode {
  nf4,   ///< Index into sixteen quantiles of the normal distribution in [−1, 1].
  e2m1,  ///< Sign, two bits of exponent, one of fraction; up to 6.
  e4m3,  ///< Sign, four bits of exponent, three of fraction; up to 448.
  cb4,   ///< Index into kCb4Values.
};

/// scale = max|value| / (the largest value of a code), at least kSmallestScale: for small weights
/// after the division, for others before it. Ties go to the even code (e2m1, e4m3), or to the lower
/// one (nf4, cb4); −0 keeps its sign where codes have one.
void float_groups(FloatCode code, const Groups& groups, const EncodedGroups& encoded);
void float_groups_scalar(FloatCode code, const Groups& groups, const EncodedGroups& encoded);

/// The same with scales rounded up to powers of two (as MX formats have them), by the logarithm
/// that NNCF takes: in f32, which lifts some exact powers to the next.
void mx_groups(FloatCode code, const Groups& groups, const EncodedGroups& encoded);
void mx_groups_scalar(FloatCode code, const Groups& groups, const EncodedGroups& encoded);

/// The above as kernels.
template <FloatCode kCode>
void float_kernel(const Groups& groups, const EncodedGroups& encoded) {
  float_groups(kCode, groups, encoded);
}
template <FloatCode kCode>
void float_kernel_scalar(const Groups& groups, const EncodedGroups& encoded) {
  float_groups_scalar(kCode, groups, encoded);
}
template <FloatCode kCode>
void mx_kernel(const Groups& groups, const EncodedGroups& encoded) {
  mx_groups(kCode, groups, encoded);
}
template <FloatCode kCode>
void mx_kernel_scalar(const Groups& groups, const EncodedGroups& encoded) {
  mx_groups_scalar(kCode, groups, encoded);
}

/// The scale of a group of FloatCode::e2m1 or e4m3 whose largest magnitude is `max_abs`.
float float_scale(FloatCode code, float max_abs, bool small_weight);

/// A value of magnitude up to 448 as e4m3, rounded to f16 on the way.
std::uint8_t e4m3_from_float(float value);

/// The values of cb4's codes, each of them exact in e4m3.
inline constexpr std::array<float, 16> kCb4Values{
    -3.5F,    -2.5F,   -1.875F, -1.375F, -1.0F, -0.625F, -0.3125F, 0.0F,
    0.28125F, 0.5625F, 0.875F,  1.125F,  1.5F,  2.0F,    2.5F,     3.5F};

}  // namespace ovbake
