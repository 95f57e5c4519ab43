// StableLM: the llama block with LayerNorms and rotary positions on a part of the head; at choice
// attention and MLP side by side, and a norm of its own for every head.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"
#include "base/error.hpp"

namespace ovbake::stablelm {
namespace {

constexpr double kUsualRotaryPart = 0.25;

HeadNorms head_norms(const std::string& name, std::int64_t heads, std::int64_t head_dim,
                     double eps) {
  HeadNorms norms{.weights = {}, .eps = eps};
  for (std::int64_t i = 0; i < heads; ++i) {
    norms.weights.push_back({fmt::format("{}.norms.{}.weight", name, i), {head_dim}, Role::vector});
  }
  return norms;
}

/// With the keys of StableLM Epoch in today's words.
Decoder describe_stablelm(const Config& given) {
  const Config config = given.with_older_keys(
      {{"partial_rotary_factor", "rope_pct"}, {"layer_norm_eps", "norm_eps"}});
  Decoder decoder = llama_like(config);
  const double eps = config.number("layer_norm_eps", 1e-5);
  const bool parallel = config.flag("use_parallel_residual", false);
  const bool qkv_bias = config.flag("use_qkv_bias", false);
  const bool qk_norm = config.flag("qk_layernorm", false);
  decoder.norm = layer_norm("model.norm", decoder.hidden_size, eps);
  for (DecoderLayer& layer : decoder.layers) {
    const auto norm = [&](std::string_view module) {
      return layer_norm(fmt::format("{}.{}", layer.name, module), decoder.hidden_size, eps);
    };
    layer.mixer->norm = norm("input_layernorm");
    if (parallel) {
      layer.arrangement = Arrangement::shared_norm;
      layer.mlp->norm.reset();
    } else {
      layer.mlp->norm = norm("post_attention_layernorm");
    }

    Attention& attention = layer.self_attn();
    const std::string name = layer.name + ".self_attn";
    attention.rope = describe_rope(
        config.with_defaults({{"partial_rotary_factor", kUsualRotaryPart}}), attention.head_dim);
    auto& [q_proj, k_proj, v_proj] = separate(attention);
    for (Linear* projection : {&q_proj, &k_proj, &v_proj}) {
      if (qkv_bias) projection->bias = bias_of(*projection);
    }
    if (qk_norm) {
      attention.qk_norm = {
          .q_norm = head_norms(name + ".q_layernorm", attention.num_attention_heads,
                               attention.head_dim, eps),
          .k_norm = head_norms(name + ".k_layernorm", attention.num_key_value_heads,
                               attention.head_dim, eps)};
    }
  }
  return decoder;
}

}  // namespace

extern const Family family{
    .model_types = {"stablelm"}, .older_types = {"stablelm_epoch"}, .describe = describe_stablelm};

}  // namespace ovbake::stablelm
