// Persimmon: LayerNorms, also of queries and keys, queries, keys and values of a head interleaved
// in one projection, rotary positions on half of the head, a squared ReLU.
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"

namespace ovbake::persimmon {
namespace {

constexpr double kUsualRotaryPart = 0.5;

Attention attention(const Config& config, const std::string& name, std::int64_t hidden_size,
                    double eps) {
  const std::int64_t heads = config.count("num_attention_heads");
  Attention attention = even_heads(config, hidden_size, heads, heads);
  attention.projections = FusedProjection{
      .qkv_proj = linear(name + ".query_key_value", 3 * hidden_size, hidden_size, true),
      .layout = FusedLayout::by_group};
  attention.o_proj = linear(name + ".dense", hidden_size, hidden_size, true);
  attention.rope = describe_rope(
      config.with_defaults({{"partial_rotary_factor", kUsualRotaryPart}}), attention.head_dim);
  attention.qk_norm = qk_layernorm(config, name, attention.head_dim, eps, true);
  return attention;
}

Decoder describe_persimmon(const Config& config) {
  const std::int64_t hidden_size = config.size("hidden_size");
  const std::int64_t inner_size = config.size("intermediate_size");
  const double eps = config.number("layer_norm_eps", 1e-5);
  const Activation act = activation(config, "hidden_act", "relu2");
  return framed(
      config,
      {.hidden_size = hidden_size,
       .num_hidden_layers = config.count("num_hidden_layers"),
       .embed_tokens = "model.embed_tokens",
       .layers = "model.layers",
       .norm = layer_norm("model.final_layernorm", hidden_size, eps),
       .tie_word_embeddings = false},
      [&](const std::string& name) {
        return DecoderLayer{
            .name = name,
            .mixer =
                Branch<Mixer>{.norm = layer_norm(name + ".input_layernorm", hidden_size, eps),
                              .body = attention(config, name + ".self_attn", hidden_size, eps)},
            .mlp = Branch<Mlp>{
                .norm = layer_norm(name + ".post_attention_layernorm", hidden_size, eps),
                .body = plain_mlp(
                    {.up = name + ".mlp.dense_h_to_4h", .down = name + ".mlp.dense_4h_to_h"},
                    hidden_size, inner_size, true, act)}};
      });
}

}  // namespace

extern const Family family{.model_types = {"persimmon"}, .describe = describe_persimmon};

}  // namespace ovbake::persimmon
