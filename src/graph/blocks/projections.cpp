#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

/// [batch, query, heads · head_dim] → [batch, query, heads, head_dim]
Value by_head(const Value& x, std::int64_t heads, std::int64_t head_dim) {
  return reshape(x, {0, 0, heads, head_dim});
}

/// [batch, query, heads, head_dim] → [batch, heads, query, head_dim]
Value heads_first(const Value& x) { return transpose(x, {0, 2, 1, 3}); }

}  // namespace

Heads Blocks::project(const SeparateProjections& separate, const Attention& attention,
                      const Value& x) {
  return split_rows(linear(separate.q_proj, x), linear(separate.k_proj, x),
                    linear(separate.v_proj, x), attention);
}

Heads Blocks::project(const FusedProjection& fused, const Attention& attention, const Value& x) {
  const std::int64_t heads = attention.num_attention_heads;
  const std::int64_t kv_heads = attention.num_key_value_heads;
  const std::int64_t head_dim = attention.head_dim;
  const Value qkv = linear(fused.qkv_proj, x);
  if (fused.layout == FusedLayout::query_key_value) {
    const std::int64_t keys = heads * head_dim;
    const std::int64_t values = keys + kv_heads * head_dim;
    return split_rows(slice(qkv, 0, keys, 2), slice(qkv, keys, values, 2),
                      slice(qkv, values, values + kv_heads * head_dim, 2), attention);
  }
  const std::int64_t queries = heads / kv_heads;
  const Value groups = reshape(qkv, {0, 0, kv_heads, queries + 2, head_dim});
  const auto join = [](const Value& part, std::int64_t width) {
    return reshape(part, {0, 0, width});
  };
  constexpr std::int64_t kMemberAxis = 3;
  return split_rows(join(slice(groups, 0, queries, kMemberAxis), heads * head_dim),
                    join(slice(groups, queries, queries + 1, kMemberAxis), kv_heads * head_dim),
                    join(slice(groups, queries + 1, queries + 2, kMemberAxis), kv_heads * head_dim),
                    attention);
}

Heads Blocks::split_rows(const Value& query, const Value& key, const Value& value,
                         const Attention& attention) {
  using Scope = QueryKeyNorm::Scope;
  const auto& qk_norm = attention.qk_norm;
  const auto split = [&](const Value& x, const Norm* own, std::int64_t heads) {
    if (own == nullptr) return heads_first(by_head(x, heads, attention.head_dim));
    const bool over_all = qk_norm->scope == Scope::projection;
    const Value result = by_head(over_all ? norm(*own, x) : x, heads, attention.head_dim);
    return heads_first(over_all ? result : norm(*own, result));
  };
  return {
      .query = split(query, qk_norm ? &qk_norm->q_norm : nullptr, attention.num_attention_heads),
      .key = split(key, qk_norm ? &qk_norm->k_norm : nullptr, attention.num_key_value_heads),
      .value = split(value, nullptr, attention.num_key_value_heads)};
}

void Blocks::apply_rope(const Attention& attention, Heads& heads) {
  if (!attention.rope) return;
  const RotaryTables& tables = rotary_tables(*attention.rope);
  heads.query = apply_rotary(*attention.rope, tables, heads.query, attention.head_dim);
  heads.key = apply_rotary(*attention.rope, tables, heads.key, attention.head_dim);
}

const RotaryTables& Blocks::rotary_tables(const Rope& rope) {
  for (const auto& [known, tables] : rotary_tables_) {
    if (known == rope) return tables;
  }
  rotary_tables_.emplace_back(rope, make_rotary_tables(rope, form_.position_ids()));
  return rotary_tables_.back().second;
}

}  // namespace ovbake
