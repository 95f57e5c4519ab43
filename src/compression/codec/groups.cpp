#include "compression/codec/groups.hpp"

#include <vector>

namespace ovbake {

EncodedGroups encode_groups(const WeightShape& weight, const RowBlock& block, GroupKernel kernel) {
  thread_local std::vector<std::uint8_t> codes;
  thread_local std::vector<float> scales;
  thread_local std::vector<std::uint8_t> zero_points;

  const Groups groups{
      .values = block.values,
      .count = static_cast<std::size_t>(block.rows * weight.groups_per_row()),
      .elems = static_cast<std::size_t>(weight.group_columns()),
      .small_weight = element_count(weight.shape) < kSmallWeightElems,
  };
  codes.resize(groups.count * groups.elems);
  scales.resize(groups.count);
  zero_points.resize(groups.count);
  const EncodedGroups encoded{codes, scales, zero_points};
  kernel(groups, encoded);
  return encoded;
}

}  // namespace ovbake
