#include <openvino/op/broadcast.hpp>
#include <openvino/op/divide.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/op/scaled_dot_product_attention.hpp>
#include <openvino/op/sigmoid.hpp>
#include <openvino/op/softmax.hpp>
#include <openvino/op/tanh.hpp>
#include <openvino/op/tile.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

/// Every key/value head repeated for the query heads of its group.
Value repeat_heads(const Value& x, const Attention& attention, std::int64_t head_dim) {
  const std::int64_t group = attention.num_attention_heads / attention.num_key_value_heads;
  if (group == 1) return x;
  const Value grouped = make<ov::op::v3::Broadcast>(
      unsqueeze(x, 2), vector_i64({1, 1, group, 1, 1}), ov::op::BroadcastType::BIDIRECTIONAL);
  return reshape(grouped, {0, attention.num_attention_heads, -1, head_dim});
}

Value softcapped(const Value& scores, double limit) {
  const Value cap = scalar_f32(static_cast<float>(limit));
  return make<ov::op::v1::Multiply>(make<ov::op::v0::Tanh>(make<ov::op::v1::Divide>(scores, cap)),
                                    cap);
}

/// For scores that are bent before the softmax, and for masks that OpenVINO's paged attention would
/// throw away: it takes no model in which attention is written out.
bool must_be_written_out(const Attention& attention) {
  const auto& window = attention.window;
  return attention.logit_softcapping || (window && std::holds_alternative<AttentionChunk>(*window));
}

/// [batch, 1, query, total] for the queries of a group, one head's below the other's.
Value tile_for_group(const Value& mask, std::int64_t group) {
  return group == 1 ? mask : make<ov::op::v0::Tile>(mask, vector_i64({1, 1, group, 1}));
}

/// All queries of a group are multiplied with its one head of keys and of values at once: to repeat
/// heads, the CPU plug-in copies the whole cache in each step. Values come behind the softmax
/// without a Reshape: so the NPU plug-in knows what it stores transposed, of all layers or of none.
Value written_out(const Heads& heads, const Value& mask, const Attention& attention) {
  const std::int64_t kv_heads = attention.num_key_value_heads;
  const std::int64_t group = attention.num_attention_heads / kv_heads;
  const Value query = reshape(heads.query, {0, kv_heads, -1, attention.head_dim});
  Value scores = scaled(make<ov::op::v0::MatMul>(query, heads.key, false, true), attention.scaling);
  if (attention.logit_softcapping) scores = softcapped(scores, *attention.logit_softcapping);
  const Value masked = make<ov::op::v1::Add>(scores, tile_for_group(mask, group));
  const Value weights = make<ov::op::v8::Softmax>(masked, std::int64_t{-1});
  return reshape(make<ov::op::v0::MatMul>(weights, heads.value, false, false),
                 {0, attention.num_attention_heads, -1, attention.v_head_dim});
}

}  // namespace

Value Blocks::attend(const Attention& attention, const Heads& heads) {
  if (must_be_written_out(attention)) return written_out(heads, score_bias(attention), attention);
  const Heads repeated{.query = heads.query,
                       .key = repeat_heads(heads.key, attention, attention.head_dim),
                       .value = repeat_heads(heads.value, attention, attention.v_head_dim)};
  const Value scaling = scalar_f32(static_cast<float>(attention.scaling));
  if (attention.sinks) {
    const Value sinks =
        reshape(weights_(*attention.sinks), {1, attention.num_attention_heads, 1, 1});
    return make<ov::op::v13::ScaledDotProductAttention>(
        repeated.query, repeated.key, repeated.value, score_bias(attention), scaling, sinks, false);
  }
  return make<ov::op::v13::ScaledDotProductAttention>(repeated.query, repeated.key, repeated.value,
                                                      score_bias(attention), scaling, false);
}

void Blocks::append_to_past(const Attention& attention, const Site& site, Heads& heads) {
  if (const auto* borrowed = std::get_if<BorrowedKeys>(&attention.projections)) {
    const auto lender = cached_.find(borrowed->layer);
    if (lender != cached_.end()) {
      heads.key = lender->second.key;
      heads.value = lender->second.value;
    } else {
      heads.key = form_.borrowed(slots_.at(borrowed->layer)[0]);
      heads.value = form_.borrowed(slots_.at(borrowed->layer)[1]);
    }
    return;
  }
  heads.key = form_.extend(site.slots[0], heads.key);
  heads.value = form_.extend(site.slots[1], heads.value);
  cached_[site.layer] = heads;
}

Value Blocks::mix(const Attention& attention, const Site& site, const Value& x) {
  Heads heads = std::visit([&](const auto& kind) { return project(kind, attention, x); },
                           attention.projections);
  apply_rope(attention, heads);
  if (attention.query_scale) {
    const Value factor =
        std::visit([&](const auto& kind) { return query_scale(kind); }, *attention.query_scale);
    heads.query = make<ov::op::v1::Multiply>(heads.query, unsqueeze(unsqueeze(factor, 1), 3));
  }
  append_to_past(attention, site, heads);

  const Value attended =
      named(attend(attention, heads), site.name + ".scaled_dot_product_attention");
  const Value joined = reshape(transpose(attended, {0, 2, 1, 3}),
                               {0, 0, attention.num_attention_heads * attention.v_head_dim});
  Value read = norm(attention.sub_norm, joined);
  if (attention.output_gate) {
    const Value gate = make<ov::op::v0::Sigmoid>(linear(*attention.output_gate, x));
    read = make<ov::op::v1::Multiply>(read, gate);
  }
  return linear(attention.o_proj, read);
}

}  // namespace ovbake
