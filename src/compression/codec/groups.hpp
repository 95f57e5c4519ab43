// What every quantizer sees: the groups of a block of rows lie one behind the other, so a kernel
// meets nothing but a run of groups.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/codes.hpp"

namespace ovbake {

struct Groups {
  const float* values;  ///< count × elems
  std::size_t count;
  std::size_t elems;
  /// The whole weight has fewer elements than NNCF hands to its OpenVINO path.
  bool small_weight;
};

/// Rounds groups to a grid: writes a code an element, a scale a group and, where the grid has them,
/// a zero point a group.
using Quantize = void (*)(const Groups& groups, const Codes& codes);

/// A way to round, and the numbers that its codes stand for. `scalar` is plain C++ and defines the
/// codes; `quantize` gives the same with the best instructions that the processor has.
struct Quantizer {
  Numbers numbers;
  Quantize quantize, scalar;
};

/// Elements from which on NNCF compresses through OpenVINO instead of numpy, which rounds some
/// float scales differently.
inline constexpr std::int64_t kSmallWeightElems = 10000;

/// The machine epsilon of f32, the smallest magnitude that NNCF leaves a scale.
inline constexpr float kSmallestScale = 0x1p-23F;

}  // namespace ovbake
