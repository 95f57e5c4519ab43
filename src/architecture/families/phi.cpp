// Phi-1, 1.5 and 2: attention and MLP side by side behind one LayerNorm, biases everywhere, rotary
// positions on half of the head; at choice a LayerNorm of queries and keys.
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"

namespace ovbake::phi {
namespace {

constexpr double kUsualRotaryPart = 0.5;

Attention attention(const Config& config, const std::string& name, std::int64_t hidden_size,
                    double eps) {
  const std::int64_t heads = config.count("num_attention_heads");
  const std::int64_t kv_heads = config.count("num_key_value_heads", heads);
  Attention attention = even_heads(config, hidden_size, heads, kv_heads);
  const std::int64_t head_dim = attention.head_dim;
  attention.projections = SeparateProjections{
      .q_proj = linear(name + ".q_proj", hidden_size, hidden_size, true),
      .k_proj = linear(name + ".k_proj", kv_heads * head_dim, hidden_size, true),
      .v_proj = linear(name + ".v_proj", kv_heads * head_dim, hidden_size, true)};
  attention.o_proj = linear(name + ".dense", hidden_size, hidden_size, true);
  attention.rope =
      describe_rope(config.with_defaults({{"partial_rotary_factor", kUsualRotaryPart}}), head_dim);
  attention.qk_norm = qk_layernorm(config, name, head_dim, eps, false);
  return attention;
}

Decoder describe_phi(const Config& config) {
  const std::int64_t hidden_size = config.size("hidden_size");
  const std::int64_t inner_size = config.size("intermediate_size");
  const double eps = config.number("layer_norm_eps", 1e-5);
  const Activation act = activation(config, "hidden_act", "gelu_new");
  return framed(
      config,
      {.hidden_size = hidden_size,
       .num_hidden_layers = config.count("num_hidden_layers"),
       .embed_tokens = "model.embed_tokens",
       .layers = "model.layers",
       .norm = layer_norm("model.final_layernorm", hidden_size, eps),
       .tie_word_embeddings = false,
       .lm_head_bias = true},
      [&](const std::string& name) {
        return DecoderLayer{
            .name = name,
            .mixer =
                Branch<Mixer>{.norm = layer_norm(name + ".input_layernorm", hidden_size, eps),
                              .body = attention(config, name + ".self_attn", hidden_size, eps)},
            .mlp =
                Branch<Mlp>{.body = plain_mlp({.up = name + ".mlp.fc1", .down = name + ".mlp.fc2"},
                                              hidden_size, inner_size, true, act)},
            .arrangement = Arrangement::shared_norm};
      });
}

}  // namespace

extern const Family family{.model_types = {"phi"}, .describe = describe_phi};

}  // namespace ovbake::phi
