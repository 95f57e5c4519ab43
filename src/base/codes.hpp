// Weights as codes: the seam between how a weight comes about, be it rounded here or read from a
// quantized checkpoint, and how it is stored.
#pragma once

#include <cstdint>
#include <span>

#include "base/shape.hpp"

namespace ovbake {

/// The numbers that codes stand for.
enum class Numbers {
  integers,           ///< Two's complement: −2^(bits − 1) … 2^(bits − 1) − 1.
  unsigned_integers,  ///< 0 … 2^bits − 1, and each group has a zero point, which is subtracted.
  nf4,                ///< Sixteen quantiles of the normal distribution in [−1, 1].
  e2m1,               ///< Sign, two bits of exponent, one of fraction; up to 6.
  e4m3,               ///< Sign, four bits of exponent, three of fraction; up to 448.
  cb4,                ///< NNCF's codebook of sixteen values.
};

/// The values that a weight can have: (number of the code − zero point) · scale. Consecutive
/// columns of a row form a group, which shares its scale and zero point.
struct Grid {
  Numbers numbers;
  int bits;
  ElementType scales;

  /// True if each value on `other` is one on this grid too, with the same scale and zero point.
  bool holds(const Grid& other) const;
};

/// Consecutive groups on a grid, one behind the other.
struct Codes {
  std::span<std::uint8_t> codes;  ///< One an element, in the low bits.
  std::span<float> scales;        ///< One a group.
  std::span<std::uint8_t>
      zero_points;  ///< One a group; without meaning for all but unsigned_integers.
};

}  // namespace ovbake
