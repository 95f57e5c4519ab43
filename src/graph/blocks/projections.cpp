#include <stdexcept>

#include <openvino/op/clamp.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

bool exists(const Value& value) { return value.get_node() != nullptr; }

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

Value by_head(const Value& x, std::int64_t heads, std::int64_t head_dim) {
  return reshape(x, {0, 0, heads, head_dim});
}

Value heads_first(const Value& x) { return transpose(x, {0, 2, 1, 3}); }

Heads Blocks::project(const SeparateProjections& separate, const Attention& attention,
                      const Value& x) {
  return split_rows(linear(separate.q_proj, x), linear(separate.k_proj, x),
                    linear(separate.v_proj, x), attention);
}

Heads Blocks::project(const FusedProjection& fused, const Attention& attention, const Value& x) {
  const std::int64_t groups = group_count(fused.layout, attention);
  const std::int64_t query_width = attention.num_attention_heads * attention.head_dim / groups;
  const std::int64_t kv_width = attention.num_key_value_heads * attention.head_dim / groups;
  const Value qkv = linear(fused.qkv_proj, x);
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

Heads Blocks::project(const KeysAsValues& shared, const Attention& attention, const Value& x) {
  const Value key = linear(shared.k_proj, x);
  return split_rows(linear(shared.q_proj, x), key, key, attention);
}

Heads Blocks::project(const BorrowedKeys& borrowed, const Attention& attention, const Value& x) {
  return split_rows(linear(borrowed.q_proj, x), {}, {}, attention);
}

Heads Blocks::split_rows(const Value& query, const Value& key, const Value& value,
                         const Attention& attention) {
  using Scope = QueryKeyNorm::Scope;
  const auto norms = attention.qk_norm.value_or(QueryKeyNorm{});
  const auto split = [&](const Value& x, const std::optional<Norm>& own, std::int64_t heads,
                         std::int64_t width) {
    if (!exists(x)) return x;
    const auto norm_in = [&](Scope scope, const Value& part) {
      return norms.scope == scope ? norm(own, part) : part;
    };
    const Value rows = clipped(norm_in(Scope::projection, x), attention.clip_qkv);
    return heads_first(norm_in(Scope::head, by_head(rows, heads, width)));
  };
  const std::int64_t kv_heads = attention.num_key_value_heads;
  return {.query = split(query, norms.q_norm, attention.num_attention_heads, attention.head_dim),
          .key = split(key, norms.k_norm, kv_heads, attention.head_dim),
          .value = split(value, norms.v_norm, kv_heads, attention.v_head_dim)};
}

void Blocks::apply_rope(const Attention& attention, Heads& heads) {
  const bool turned = std::holds_alternative<LatentProjections>(attention.projections);
  if (attention.rope && !turned) {
    const RotaryTables& tables = rotary_tables(*attention.rope);
    for (Value* part : {&heads.query, &heads.key}) {
      if (exists(*part)) *part = apply_rotary(*attention.rope, tables, *part, attention.head_dim);
    }
  }
  const auto& norms = attention.qk_norm;
  if (!norms || norms->scope != QueryKeyNorm::Scope::turned_head) return;
  heads.query = norm(norms->q_norm, heads.query);
  heads.key = norm(norms->k_norm, heads.key);
}

const RotaryTables& Blocks::rotary_tables(const Rope& rope) {
  for (const auto& [known, tables] : rotary_tables_) {
    if (known == rope) return tables;
  }
  rotary_tables_.emplace_back(rope, make_rotary_tables(rope, form_.position_ids()));
  return rotary_tables_.back().second;
}

}  // namespace ovbake
