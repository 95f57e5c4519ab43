// NNCF's integer quantization.
#pragma once

#include "compression/codec/groups.hpp"

namespace ovbake {

/// The value of largest magnitude, m, maps to −2^(bits − 1), so the scale is signed:
///   scale = −m / 2^(bits − 1), never nearer to zero than kSmallestScale
///   code  = clamp(round(value / scale), −2^(bits − 1), 2^(bits − 1) − 1), in two's complement
/// rounding to nearest, ties to even. Where −m and m both occur the scale is positive.
void symmetric_groups(int bits, const Groups& groups, const Codes& out);
void symmetric_groups_scalar(int bits, const Groups& groups, const Codes& out);

/// The range [min(0, values), max(0, values)] maps to [0, 2^bits − 1]:
///   scale      = (max − min) / (2^bits − 1), at least kSmallestScale
///   zero_point = clamp(−round(min / scale), 0, 2^bits − 1)
///   code       = clamp(round(value / scale + zero_point), 0, 2^bits − 1)
void asymmetric_groups(int bits, const Groups& groups, const Codes& out);
void asymmetric_groups_scalar(int bits, const Groups& groups, const Codes& out);

template <int kBits>
inline constexpr Quantizer symmetric_quantizer{
    .numbers = Numbers::integers,
    .quantize = [](const Groups& groups,
                   const Codes& out) { symmetric_groups(kBits, groups, out); },
    .scalar = [](const Groups& groups,
                 const Codes& out) { symmetric_groups_scalar(kBits, groups, out); }};
template <int kBits>
inline constexpr Quantizer asymmetric_quantizer{
    .numbers = Numbers::unsigned_integers,
    .quantize = [](const Groups& groups,
                   const Codes& out) { asymmetric_groups(kBits, groups, out); },
    .scalar = [](const Groups& groups,
                 const Codes& out) { asymmetric_groups_scalar(kBits, groups, out); }};

}  // namespace ovbake
