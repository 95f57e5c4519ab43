// Attention without a softmax, over a whole call at once: what its queries make of its own keys,
// and what they make of the state that the past left.
#include <openvino/op/convert.hpp>
#include <openvino/op/cum_sum.hpp>
#include <openvino/op/exp.hpp>
#include <openvino/op/greater_eq.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/op/reduce_max.hpp>
#include <openvino/op/select.hpp>
#include <openvino/op/sigmoid.hpp>
#include <openvino/op/subtract.hpp>

#include "graph/blocks/activation.hpp"
#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

Value times(const Value& a, const Value& b) { return make<ov::op::v1::Multiply>(a, b); }

/// What is left after so many `steps`, one of whose axes is all heads'.
Value decay(const LightningAttention& attention, const Value& steps) {
  std::vector<float> rates;
  for (const float slope : attention.slopes) rates.push_back(-slope);
  const Value rate = ov::op::v0::Constant::create(ov::element::f32, {1, rates.size(), 1, 1}, rates);
  return make<ov::op::v0::Exp>(times(steps, rate));
}

/// f32 [batch, heads, query, query]
Value decay_between(const LightningAttention& attention, const Value& query, const Value& key) {
  const Value steps = make<ov::op::v1::Subtract>(query, key);
  const Value is_past = make<ov::op::v1::GreaterEqual>(steps, scalar_f32(0));
  return make<ov::op::v1::Select>(is_past, decay(attention, steps), scalar_f32(0));
}

}  // namespace

Value Blocks::lightning_attention(const LightningAttention& attention, std::size_t layer,
                                  const std::string& name, const Value& x) {
  const std::int64_t heads = attention.num_attention_heads;
  const std::int64_t head_dim = attention.head_dim;
  const Value qkv =
      by_head(activate(attention.hidden_act, linear(attention.qkv_proj, x)), heads, 3 * head_dim);
  const auto part = [&](std::int64_t number) {
    return heads_first(slice(qkv, number * head_dim, (number + 1) * head_dim, 3));
  };
  // Padding has no value, and no time passes there.
  const Value real = make<ov::op::v0::Convert>(form_.query_mask(), ov::element::f32);
  const Value time = unsqueeze(unsqueeze(make<ov::op::v0::CumSum>(real, scalar_i64(1)), 1), 3);
  const Value query = part(0);
  const Value key = part(1);
  const Value value = times(part(2), unsqueeze(unsqueeze(real, 1), 3));

  const auto next_state = [&](const std::optional<Value>& past) {
    const Value end = make<ov::op::v1::ReduceMax>(time, vector_i64({2}), true);
    const Value left = decay(attention, make<ov::op::v1::Subtract>(end, time));
    Value made = make<ov::op::v0::MatMul>(times(key, left), value, true, false);
    if (!past) return made;
    return make<ov::op::v1::Add>(times(*past, decay(attention, end)), made);
  };
  const auto past = form_.carry({layer, "state", heads, head_dim}, next_state);

  const Value scores = make<ov::op::v0::MatMul>(query, key, false, true);
  const Value weights =
      times(scores, decay_between(attention, time, transpose(time, {0, 1, 3, 2})));
  Value attended = make<ov::op::v0::MatMul>(weights, value, false, false);
  if (past) {
    const Value faded = times(query, decay(attention, time));
    attended =
        make<ov::op::v1::Add>(make<ov::op::v0::MatMul>(faded, *past, false, false), attended);
  }
  const Value joined =
      reshape(transpose(named(attended, name + ".lightning_attention"), {0, 2, 1, 3}),
              {0, 0, heads * head_dim});
  const Value gate = make<ov::op::v0::Sigmoid>(linear(attention.output_gate, x));
  return linear(attention.out_proj, times(gate, norm(attention.norm, joined)));
}

}  // namespace ovbake
