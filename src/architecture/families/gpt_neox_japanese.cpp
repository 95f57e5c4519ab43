// GPT-NeoX Japanese: gpt_neox one behind the other, without biases but for one behind the attention
// of the last layer.
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"

namespace ovbake::gpt_neox_japanese {
namespace {

Attention attention(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const std::int64_t heads = config.count("num_attention_heads");
  Attention attention = even_heads(config, hidden_size, heads, heads);
  attention.projections = FusedProjection{
      .qkv_proj = linear(name + ".query_key_value", 3 * hidden_size, hidden_size, false),
      .layout = FusedLayout::by_group};
  attention.o_proj = linear(name + ".dense", hidden_size, hidden_size, false);
  attention.rope = describe_rope(config, attention.head_dim);
  return attention;
}

Decoder describe_japanese_neox(const Config& config) {
  const std::int64_t hidden_size = config.size("hidden_size");
  const std::int64_t inner_size = hidden_size * config.count("intermediate_multiple_size", 4);
  const double eps = config.number("layer_norm_eps", 1e-5);
  const Activation hidden_act = activation(config, "hidden_act", "gelu");
  const std::string model = "gpt_neox_japanese";
  Decoder decoder = framed(
      config,
      {.hidden_size = hidden_size,
       .num_hidden_layers = config.count("num_hidden_layers"),
       .embed_tokens = model + ".embed_in",
       .layers = model + ".layers",
       .norm = layer_norm(model + ".final_layer_norm", hidden_size, eps),
       .tie_word_embeddings = true,
       .lm_head = "embed_out"},
      [&](const std::string& name) {
        return DecoderLayer{
            .name = name,
            .mixer = Branch<Mixer>{.norm = layer_norm(name + ".input_layernorm", hidden_size, eps),
                                   .body = attention(config, name + ".attention", hidden_size)},
            .mlp = Branch<Mlp>{
                .norm = layer_norm(name + ".post_attention_layernorm", hidden_size, eps),
                .body = plain_mlp(
                    {.up = name + ".mlp.dense_h_to_4h", .down = name + ".mlp.dense_4h_to_h"},
                    hidden_size, inner_size, false, hidden_act)}};
      });
  DecoderLayer& last = decoder.layers.back();
  last.self_attn().o_proj.bias =
      TensorRef{last.name + ".attention.dense_bias", {hidden_size}, Role::vector};
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"gpt_neox_japanese"},
                           .describe = describe_japanese_neox};

}  // namespace ovbake::gpt_neox_japanese
