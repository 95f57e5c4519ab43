// Attention without a softmax, in blocks: what queries make of the keys of their own block, and
// what they make of the state that the blocks before it and the past left.
#include <openvino/op/convert.hpp>
#include <openvino/op/cum_sum.hpp>
#include <openvino/op/exp.hpp>
#include <openvino/op/floor_mod.hpp>
#include <openvino/op/greater_eq.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/op/minimum.hpp>
#include <openvino/op/negative.hpp>
#include <openvino/op/pad.hpp>
#include <openvino/op/reduce_max.hpp>
#include <openvino/op/reduce_sum.hpp>
#include <openvino/op/reshape.hpp>
#include <openvino/op/select.hpp>
#include <openvino/op/sigmoid.hpp>
#include <openvino/op/slice.hpp>
#include <openvino/op/subtract.hpp>

#include "graph/blocks/activation.hpp"
#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

Value times(const Value& a, const Value& b) { return make<ov::op::v1::Multiply>(a, b); }

Value minus(const Value& a, const Value& b) { return make<ov::op::v1::Subtract>(a, b); }

Value weighed(const Value& a, const Value& b) {
  return make<ov::op::v0::MatMul>(a, b, false, false);
}

/// What is left after so many `steps`, [batch, 1, ...].
Value decay(const LightningAttention& attention, const Value& steps) {
  std::vector<float> rates;
  for (const float slope : attention.slopes) rates.push_back(-slope);
  ov::Shape shape(static_cast<std::size_t>(steps.get_partial_shape().size()), 1);
  shape[1] = rates.size();
  return make<ov::op::v0::Exp>(
      times(steps, ov::op::v0::Constant::create(ov::element::f32, shape, rates)));
}

/// f32 [..., queries, keys], of times [..., queries, 1] and [..., 1, keys]
Value decay_between(const LightningAttention& attention, const Value& query, const Value& key) {
  const Value steps = minus(query, key);
  const Value is_past = make<ov::op::v1::GreaterEqual>(steps, scalar_f32(0));
  return make<ov::op::v1::Select>(is_past, decay(attention, steps), scalar_f32(0));
}

/// Rows, [batch, length, ...], in blocks of a call's length or less.
class RowBlocks {
 public:
  RowBlocks(const Value& length, std::int64_t most)
      : length_(length), size_(make<ov::op::v1::Minimum>(length, vector_i64({most}))) {}

  /// [batch, length, width] → [batch, heads, blocks, size, width / heads], with zeros at the end.
  Value split(const Value& rows, std::int64_t heads) const {
    const Value lacking = make<ov::op::v1::FloorMod>(make<ov::op::v0::Negative>(length_), size_);
    const Value end = concat({vector_i64({0}), lacking, vector_i64({0})}, 0);
    const Value padded = make<ov::op::v12::Pad>(rows, vector_i64({0, 0, 0}), end, scalar_f32(0),
                                                ov::op::PadMode::CONSTANT);
    const std::int64_t width = rows.get_partial_shape()[2].get_length() / heads;
    const Value shape = concat({vector_i64({0, -1}), size_, vector_i64({heads, width})}, 0);
    return transpose(make<ov::op::v1::Reshape>(padded, shape, true), {0, 3, 1, 2, 4});
  }

  /// The way back: [batch, heads, blocks, size, width] → [batch, length, heads · width].
  Value join(const Value& blocks, std::int64_t width) const {
    const Value rows = reshape(transpose(blocks, {0, 2, 3, 1, 4}), {0, -1, width});
    return make<ov::op::v8::Slice>(rows, vector_i64({0}), length_, vector_i64({1}),
                                   vector_i64({1}));
  }

 private:
  Value length_, size_;
};

}  // namespace

Value Blocks::mix(const LightningAttention& attention, const Site& site, const Value& x) {
  const std::int64_t heads = attention.num_attention_heads;
  const std::int64_t head_dim = attention.head_dim;
  const std::int64_t state_size = head_dim * head_dim;
  const RowBlocks rows(dimension(x, 1), attention.block_size);
  const Value qkv =
      rows.split(activate(attention.hidden_act, linear(attention.qkv_proj, x)), heads);
  const auto part = [&](std::int64_t number) {
    return slice(qkv, number * head_dim, (number + 1) * head_dim, 4);
  };
  // Padding has no value, and no time passes there.
  const Value mask = unsqueeze(make<ov::op::v0::Convert>(form_.query_mask(), ov::element::f32), 2);
  const Value real = rows.split(mask, 1);
  const Value query = part(0);
  const Value key = part(1);
  const Value value = times(part(2), real);

  // Of each block how much passes, and when it begins and ends, [batch, 1, blocks, 1].
  const Value passing = make<ov::op::v1::ReduceSum>(real, vector_i64({3}), false);
  const Value end = make<ov::op::v0::CumSum>(passing, scalar_i64(2));
  const Value begin = minus(end, passing);
  // Of each row since its block began, [batch, 1, blocks, size, 1].
  const Value time = make<ov::op::v0::CumSum>(real, scalar_i64(3));

  const Value left = decay(attention, minus(unsqueeze(passing, 3), time));
  const Value made = reshape(make<ov::op::v0::MatMul>(times(key, left), value, true, false),
                             {0, 0, 0, state_size});
  const auto past = form_.past(site.slots[0]);
  const Value last = make<ov::op::v1::ReduceMax>(end, vector_i64({2}), true);
  const Value since = transpose(minus(last, end), {0, 1, 3, 2});
  Value next = reshape(weighed(decay(attention, since), made), {0, 0, head_dim, head_dim});
  if (past) next = make<ov::op::v1::Add>(times(*past, decay(attention, last)), next);
  form_.keep(site.slots[0], next);

  Value before = weighed(decay_between(attention, begin, transpose(end, {0, 1, 3, 2})), made);
  if (past) {
    const Value flat = reshape(*past, {0, 0, 1, state_size});
    before = make<ov::op::v1::Add>(times(flat, decay(attention, begin)), before);
  }
  const Value scores = make<ov::op::v0::MatMul>(query, key, false, true);
  const Value weights =
      times(scores, decay_between(attention, time, transpose(time, {0, 1, 2, 4, 3})));
  const Value attended = make<ov::op::v1::Add>(
      weighed(times(query, decay(attention, time)), reshape(before, {0, 0, 0, head_dim, head_dim})),
      weighed(weights, value));
  const Value joined =
      rows.join(named(attended, site.name + ".lightning_attention"), heads * head_dim);
  const Value gate = make<ov::op::v0::Sigmoid>(linear(attention.output_gate, x));
  return linear(attention.out_proj, times(gate, norm(attention.norm, joined)));
}

}  // namespace ovbake
