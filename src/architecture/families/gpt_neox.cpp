// GPT-NeoX and Pythia: LayerNorms, attention and MLP side by side, biases everywhere but in the
// head, queries, keys and values of a head interleaved in one projection.
#include <cmath>

#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"
#include "base/error.hpp"

namespace ovbake {
namespace {

Attention attention(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const std::int64_t heads = config.count("num_attention_heads");
  const std::int64_t head_dim = hidden_size / heads;
  const bool bias = config.flag("attention_bias", true);
  return {.num_attention_heads = heads,
          .num_key_value_heads = heads,
          .head_dim = head_dim,
          .scaling = 1 / std::sqrt(static_cast<double>(head_dim)),
          .projections = FusedProjection{.qkv_proj = linear(name + ".query_key_value",
                                                            3 * hidden_size, hidden_size, bias),
                                         .layout = FusedLayout::by_group},
          .o_proj = linear(name + ".dense", hidden_size, hidden_size, bias),
          .rope = describe_rope(config, head_dim)};
}

PlainMlp mlp(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const std::int64_t inner = config.size("intermediate_size");
  return {.up_proj = linear(name + ".dense_h_to_4h", inner, hidden_size, true),
          .down_proj = linear(name + ".dense_4h_to_h", hidden_size, inner, true),
          .hidden_act = activation(config, "hidden_act", "gelu")};
}

Decoder neox(const Config& config) {
  const std::int64_t hidden_size = config.size("hidden_size");
  const Shape table{config.size("vocab_size"), hidden_size};
  const double eps = config.number("layer_norm_eps", 1e-5);
  const bool parallel = config.flag("use_parallel_residual", true);
  Decoder decoder{.model_type = config.text("model_type"),
                  .vocab_size = table[0],
                  .hidden_size = hidden_size,
                  .embed_tokens = {"gpt_neox.embed_in.weight", table, Role::embedding},
                  .norm = layer_norm("gpt_neox.final_layer_norm", hidden_size, eps),
                  .lm_head = {.weight = {"embed_out.weight", table, Role::lm_head}}};
  if (config.flag("tie_word_embeddings", false)) decoder.lm_head.weight = decoder.embed_tokens;

  const std::int64_t layers = config.count("num_hidden_layers");
  for (std::int64_t i = 0; i < layers; ++i) {
    const std::string name = fmt::format("gpt_neox.layers.{}", i);
    decoder.layers.push_back(
        {.name = name,
         .attention_norm = layer_norm(name + ".input_layernorm", hidden_size, eps),
         .self_attn = attention(config, name + ".attention", hidden_size),
         .mlp_norm = layer_norm(name + ".post_attention_layernorm", hidden_size, eps),
         .mlp = mlp(config, name + ".mlp", hidden_size),
         .parallel = parallel});
  }
  return decoder;
}

}  // namespace

extern const Family gpt_neox{.model_types = {"gpt_neox"}, .describe = neox};

}  // namespace ovbake
