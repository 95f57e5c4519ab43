#include <openvino/op/broadcast.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

Value head_part(const Value& heads, std::int64_t begin, std::int64_t width) {
  return slice(heads, begin, begin + width, 3);
}

}  // namespace

Heads Blocks::project(const LatentProjections& latent, const Attention& attention, const Value& x) {
  const Rope& rope = attention.rope.value();
  const std::int64_t heads = attention.num_attention_heads;
  const std::int64_t turned = rope.rotary_dim();
  const std::int64_t unturned = attention.head_dim - turned;
  const std::int64_t rank = latent.kv_a_proj_with_mqa.out_features() - turned;
  const auto turn = [&](const Value& part) {
    return apply_rotary(rope, rotary_tables(rope), part, turned);
  };
  const auto project_heads = [&](const Linear& projection, const Value& narrow) {
    return heads_first(
        by_head(linear(projection, narrow), heads, projection.out_features() / heads));
  };

  const auto& compression = latent.query_compression;
  const Value narrow_query =
      compression ? norm(compression->q_a_layernorm, linear(compression->q_a_proj, x)) : x;
  const Value query = project_heads(latent.q_b_proj, narrow_query);
  const Value narrow = linear(latent.kv_a_proj_with_mqa, x);
  const Value key_value =
      project_heads(latent.kv_b_proj, norm(latent.kv_a_layernorm, slice(narrow, 0, rank, 2)));
  const Value shared = turn(heads_first(by_head(slice(narrow, rank, rank + turned, 2), 1, turned)));
  const Value of_every_head = make<ov::op::v3::Broadcast>(shared, vector_i64({1, heads, 1, 1}),
                                                          ov::op::BroadcastType::BIDIRECTIONAL);
  return {.query =
              concat({head_part(query, 0, unturned), turn(head_part(query, unturned, turned))}, -1),
          .key = concat({head_part(key_value, 0, unturned), of_every_head}, -1),
          .value = head_part(key_value, unturned, attention.v_head_dim)};
}

}  // namespace ovbake
