#include <openvino/op/convert.hpp>
#include <openvino/op/cos.hpp>
#include <openvino/op/sin.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {
Value Blocks::positions(const LearnedPositions& learned) {
  return look_up(learned.weight, shifted(form_.position_ids(), learned.offset));
}

Value Blocks::positions(const SinusoidalPositions& sinusoidal) {
  const Value position = make<ov::op::v0::Convert>(
      unsqueeze(shifted(form_.position_ids(), sinusoidal.offset), -1), ov::element::f32);
  const Value inv_freq = ov::op::v0::Constant::create(
      ov::element::f32, {1, 1, sinusoidal.inv_freq.size()}, sinusoidal.inv_freq);
  const Value angle = make<ov::op::v1::Multiply>(position, inv_freq);
  return concat({make<ov::op::v0::Sin>(angle), make<ov::op::v0::Cos>(angle)}, -1);
}

}  // namespace ovbake
