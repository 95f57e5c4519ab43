// How every grouped format encodes a block: the groups of a block of rows lie one behind the other,
// so a kernel sees nothing but a run of groups. It yields a code an element and a scale a group in
// scratch memory; the format then packs the codes and narrows the scales into its constants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "compression/format.hpp"

namespace ovbake {

struct Groups {
  const float* values;  ///< count × elems
  std::size_t count;
  std::size_t elems;
  /// The whole weight has fewer elements than NNCF hands to its OpenVINO path.
  bool small_weight;
};

/// What a kernel fills, one entry an element or one a group.
struct EncodedGroups {
  std::span<std::uint8_t> codes;  ///< In the low bits.
  std::span<float> scales;
  std::span<std::uint8_t> zero_points;
};

using GroupKernel = void (*)(const Groups& groups, const EncodedGroups& encoded);

/// Runs a kernel over a block. The result lives in memory of the calling thread and is valid until
/// its next call.
EncodedGroups encode_groups(const WeightShape& weight, const RowBlock& block, GroupKernel kernel);

/// Elements from which on NNCF compresses through OpenVINO instead of numpy, which rounds some
/// float scales differently.
inline constexpr std::int64_t kSmallWeightElems = 10000;

/// The machine epsilon of f32, the smallest magnitude that NNCF leaves a scale.
inline constexpr float kSmallestScale = 0x1p-23F;

}  // namespace ovbake
