#include <stdexcept>

#include <openvino/op/clamp.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

/// [batch, query, heads · head_dim] → [batch, query, heads, head_dim]
Value by_head(const Value& x, std::int64_t heads, std::int64_t head_dim) {
  return reshape(x, {0, 0, heads, head_dim});
}

/// [batch, query, heads, head_dim] → [batch, heads, query, head_dim]
Value heads_first(const Value& x) { return transpose(x, {0, 2, 1, 3}); }

Value clipped(const Value& x, const std::optional<double>& limit) {
  return limit ? make<ov::op::v0::Clamp>(x, -*limit, *limit) : x;
}

/// Equal parts of the rows of a fused projection, each with its share of all three.
std::int64_t group_count(FusedLayout layout, const Attention& attention) {
  switch (layout) {
    case FusedLayout::query_key_value:
      return 1;
    case FusedLayout::by_group:
      return attention.num_key_value_heads;
    case FusedLayout::by_quarter:
      return 4;
  }
  throw std::logic_error("unknown layout");
}

}  // namespace

Heads Blocks::project(const SeparateProjections& separate, const Attention& attention,
                      const Value& x) {
  const auto projected = [&](const Linear& projection) {
    return clipped(linear(projection, x), attention.clip_qkv);
  };
  return split_rows(projected(separate.q_proj), projected(separate.k_proj),
                    projected(separate.v_proj), attention);
}

Heads Blocks::project(const FusedProjection& fused, const Attention& attention, const Value& x) {
  const std::int64_t groups = group_count(fused.layout, attention);
  const std::int64_t query_width = attention.num_attention_heads * attention.head_dim / groups;
  const std::int64_t kv_width = attention.num_key_value_heads * attention.head_dim / groups;
  const Value qkv = clipped(linear(fused.qkv_proj, x), attention.clip_qkv);
  const Value grouped =
      groups == 1 ? qkv : reshape(qkv, {0, 0, groups, query_width + 2 * kv_width});
  const auto part = [&](std::int64_t begin, std::int64_t width) {
    if (groups == 1) return slice(grouped, begin, begin + width, 2);
    return reshape(slice(grouped, begin, begin + width, 3), {0, 0, groups * width});
  };
  const Value query = part(0, query_width);
  const Value second = part(query_width, kv_width);
  const Value third = part(query_width + kv_width, kv_width);
  if (fused.layout == FusedLayout::by_quarter) return split_rows(query, third, second, attention);
  return split_rows(query, second, third, attention);
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
