#include <openvino/op/broadcast.hpp>
#include <openvino/op/scaled_dot_product_attention.hpp>
#include <openvino/op/select.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

constexpr float kLeastHalf = -65504;

/// [batch, query, heads · head_dim] → [batch, heads, query, head_dim]
Value split_heads(const Value& x, std::int64_t heads, std::int64_t head_dim) {
  return transpose(reshape(x, {0, 0, heads, head_dim}), {0, 2, 1, 3});
}

/// Every key/value head repeated for the query heads of its group.
Value repeat_heads(const Value& x, const Attention& attention) {
  const std::int64_t group = attention.num_attention_heads / attention.num_key_value_heads;
  if (group == 1) return x;
  const Value grouped = make<ov::op::v3::Broadcast>(
      unsqueeze(x, 2), vector_i64({1, 1, group, 1, 1}), ov::op::BroadcastType::BIDIRECTIONAL);
  return reshape(grouped, {0, attention.num_attention_heads, -1, attention.head_dim});
}

}  // namespace

Value Blocks::mask(std::optional<std::int64_t> sliding_window) {
  const auto [entry, is_new] = masks_.try_emplace(sliding_window);
  if (is_new) {
    entry->second = make<ov::op::v1::Select>(form_.visible(sliding_window), scalar_f32(0),
                                             scalar_f32(kLeastHalf));
  }
  return entry->second;
}

const RotaryTables& Blocks::rotary_tables(const Rope& rope) {
  for (const auto& [known, tables] : rotary_tables_) {
    if (known == rope) return tables;
  }
  rotary_tables_.emplace_back(rope, make_rotary_tables(rope, form_.position_ids()));
  return rotary_tables_.back().second;
}

Value Blocks::attention(const Attention& attention, std::size_t layer, const std::string& name,
                        const Value& x) {
  const std::int64_t heads = attention.num_attention_heads;
  const std::int64_t kv_heads = attention.num_key_value_heads;
  const std::int64_t head_dim = attention.head_dim;
  const RotaryTables& rotary = rotary_tables(attention.rope);

  Value query = split_heads(linear(attention.q_proj, x), heads, head_dim);
  Value key = split_heads(linear(attention.k_proj, x), kv_heads, head_dim);
  Value value = split_heads(linear(attention.v_proj, x), kv_heads, head_dim);
  query = apply_rotary(rotary, query, head_dim);
  key = apply_rotary(rotary, key, head_dim);
  key = form_.extend({layer, "key", kv_heads, head_dim}, key);
  value = form_.extend({layer, "value", kv_heads, head_dim}, value);

  const Value attended = named(
      make<ov::op::v13::ScaledDotProductAttention>(
          query, repeat_heads(key, attention), repeat_heads(value, attention),
          mask(attention.sliding_window), scalar_f32(static_cast<float>(attention.scaling)), false),
      name + ".scaled_dot_product_attention");
  const Value merged = reshape(transpose(attended, {0, 2, 1, 3}), {0, 0, heads * head_dim});
  return linear(attention.o_proj, merged);
}

}  // namespace ovbake
