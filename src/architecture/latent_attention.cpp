#include "architecture/latent_attention.hpp"

#include <cmath>

#include "architecture/llama_like.hpp"

namespace ovbake {
namespace {

/// Of the narrow vectors, whatever config.json's rms_norm_eps says.
constexpr double kEps = 1e-6;

}  // namespace

Attention latent_attention(const Config& config, const std::string& name, const Rope& rope) {
  const std::int64_t hidden_size = config.size("hidden_size");
  const std::int64_t heads = config.count("num_attention_heads");
  const std::int64_t unturned = config.count("qk_nope_head_dim");
  const std::int64_t head_dim = unturned + rope.rotary_dim();
  const std::int64_t value_dim = config.count("v_head_dim");
  const std::int64_t rank = config.size("kv_lora_rank");
  const bool bias = config.flag("attention_bias", false);
  const bool narrow_queries = config.has("q_lora_rank");
  const std::int64_t query_rank = narrow_queries ? config.size("q_lora_rank") : hidden_size;

  LatentProjections projections{
      .q_b_proj = linear(name + (narrow_queries ? ".q_b_proj" : ".q_proj"), heads * head_dim,
                         query_rank, false),
      .kv_a_proj_with_mqa =
          linear(name + ".kv_a_proj_with_mqa", rank + rope.rotary_dim(), hidden_size, bias),
      .kv_a_layernorm = rms_norm(name + ".kv_a_layernorm", rank, kEps),
      .kv_b_proj = linear(name + ".kv_b_proj", heads * (unturned + value_dim), rank, false)};
  if (narrow_queries) {
    projections.query_compression = {
        .q_a_proj = linear(name + ".q_a_proj", query_rank, hidden_size, bias),
        .q_a_layernorm = rms_norm(name + ".q_a_layernorm", query_rank, kEps)};
  }
  return {.num_attention_heads = heads,
          .num_key_value_heads = heads,
          .head_dim = head_dim,
          .v_head_dim = value_dim,
          .scaling = 1 / std::sqrt(static_cast<double>(head_dim)),
          .projections = projections,
          .o_proj = linear(name + ".o_proj", hidden_size, heads * value_dim, bias),
          .rope = rope};
}

}  // namespace ovbake
