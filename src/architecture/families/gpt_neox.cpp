// GPT-NeoX and Pythia: LayerNorms, attention and MLP side by side, biases everywhere but in the
// head, queries, keys and values of a head interleaved in one projection.
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"

namespace ovbake::gpt_neox {
namespace {

Attention attention(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const std::int64_t heads = config.count("num_attention_heads");
  const bool bias = config.flag("attention_bias", true);
  Attention attention = even_heads(config, hidden_size, heads, heads);
  attention.projections = FusedProjection{
      .qkv_proj = linear(name + ".query_key_value", 3 * hidden_size, hidden_size, bias),
      .layout = FusedLayout::by_group};
  attention.o_proj = linear(name + ".dense", hidden_size, hidden_size, bias);
  attention.rope = describe_rope(config.with_defaults({{"rotary_pct", 0.25}}), attention.head_dim);
  return attention;
}

Decoder describe_neox(const Config& config) {
  const std::int64_t hidden_size = config.size("hidden_size");
  const std::int64_t inner_size = config.size("intermediate_size");
  const double eps = config.number("layer_norm_eps", 1e-5);
  const bool parallel = config.flag("use_parallel_residual", true);
  return framed(
      config,
      {.hidden_size = hidden_size,
       .num_hidden_layers = config.count("num_hidden_layers"),
       .embed_tokens = "gpt_neox.embed_in",
       .layers = "gpt_neox.layers",
       .norm = layer_norm("gpt_neox.final_layer_norm", hidden_size, eps),
       .tie_word_embeddings = false,
       .lm_head = "embed_out"},
      [&](const std::string& name) {
        return DecoderLayer{
            .name = name,
            .mixer = Branch<Mixer>{.norm = layer_norm(name + ".input_layernorm", hidden_size, eps),
                                   .body = attention(config, name + ".attention", hidden_size)},
            .mlp =
                Branch<Mlp>{
                    .norm = layer_norm(name + ".post_attention_layernorm", hidden_size, eps),
                    .body = plain_mlp(
                        {.up = name + ".mlp.dense_h_to_4h", .down = name + ".mlp.dense_4h_to_h"},
                        hidden_size, inner_size, true, activation(config, "hidden_act", "gelu"))},
            .arrangement = parallel ? Arrangement::parallel : Arrangement::sequential};
      });
}

}  // namespace

extern const Family family{.model_types = {"gpt_neox"}, .describe = describe_neox};

}  // namespace ovbake::gpt_neox
