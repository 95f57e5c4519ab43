#include "graph/blocks/rope.hpp"

#include <limits>

#include <openvino/op/concat.hpp>
#include <openvino/op/convert.hpp>
#include <openvino/op/cos.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/op/sin.hpp>

namespace ovbake {

RotaryTables make_rotary_tables(const Rope& rope, const Value& position_ids) {
  const Value inv_freq =
      ov::op::v0::Constant::create(ov::element::f32, {1, rope.inv_freq.size(), 1}, rope.inv_freq);
  const Value position = make<ov::op::v0::Convert>(unsqueeze(position_ids, 1), ov::element::f32);
  const Value angle =
      transpose(make<ov::op::v0::MatMul>(inv_freq, position, false, false), {0, 2, 1});
  const Value angles = concat({angle, angle}, -1);
  const auto scaled = [&](const Value& table) {
    if (rope.attention_factor == 1) return unsqueeze(table, 1);
    return unsqueeze(make<ov::op::v1::Multiply>(table, scalar_f32(rope.attention_factor)), 1);
  };
  return {.cos = scaled(make<ov::op::v0::Cos>(angles)),
          .sin = scaled(make<ov::op::v0::Sin>(angles))};
}

Value apply_rotary(const RotaryTables& tables, const Value& heads, std::int64_t head_dim) {
  constexpr std::int64_t kLastAxis = 3;
  const Value upper =
      slice(heads, head_dim / 2, std::numeric_limits<std::int64_t>::max(), kLastAxis);
  const Value lower = slice(heads, 0, head_dim / 2, kLastAxis);
  const Value turned = concat({make<ov::op::v1::Multiply>(upper, scalar_f32(-1)), lower}, -1);
  return make<ov::op::v1::Add>(make<ov::op::v1::Multiply>(heads, tables.cos),
                               make<ov::op::v1::Multiply>(turned, tables.sin));
}

}  // namespace ovbake
