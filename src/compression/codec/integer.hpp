// NNCF's integer quantization, as kernels over groups.
#pragma once

#include "compression/codec/groups.hpp"

namespace ovbake {

/// The value of largest magnitude, m, maps to −2^(bits − 1), so the scale is signed:
///   scale = −m / 2^(bits − 1), never nearer to zero than kSmallestScale
///   code  = clamp(round(value / scale), −2^(bits − 1), 2^(bits − 1) − 1), in two's complement
/// rounding to nearest, ties to even. Where −m and m both occur the scale is positive.
void symmetric_groups(int bits, const Groups& groups, const EncodedGroups& encoded);
void symmetric_groups_scalar(int bits, const Groups& groups, const EncodedGroups& encoded);

/// The range [min(0, values), max(0, values)] maps to [0, 2^bits − 1]:
///   scale      = (max − min) / (2^bits − 1), at least kSmallestScale
///   zero_point = clamp(−round(min / scale), 0, 2^bits − 1)
///   code       = clamp(round(value / scale + zero_point), 0, 2^bits − 1)
void asymmetric_groups(int bits, const Groups& groups, const EncodedGroups& encoded);
void asymmetric_groups_scalar(int bits, const Groups& groups, const EncodedGroups& encoded);

/// The above as kernels.
template <int kBits>
void symmetric(const Groups& groups, const EncodedGroups& encoded) {
  symmetric_groups(kBits, groups, encoded);
}
template <int kBits>
void symmetric_scalar(const Groups& groups, const EncodedGroups& encoded) {
  symmetric_groups_scalar(kBits, groups, encoded);
}
template <int kBits>
void asymmetric(const Groups& groups, const EncodedGroups& encoded) {
  asymmetric_groups(kBits, groups, encoded);
}
template <int kBits>
void asymmetric_scalar(const Groups& groups, const EncodedGroups& encoded) {
  asymmetric_groups_scalar(kBits, groups, encoded);
}

}  // namespace ovbake
