// BLOOM: ALiBi, a LayerNorm behind the embedding, queries, keys and values of a head interleaved in
// one projection.
#include "architecture/alibi.hpp"
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::bloom {
namespace {

Attention attention(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const std::int64_t heads = config.count(config.has("n_head") ? "n_head" : "num_attention_heads");
  Attention attention = even_heads(config, hidden_size, heads, heads);
  attention.projections = FusedProjection{
      .qkv_proj = linear(name + ".query_key_value", 3 * hidden_size, hidden_size, true),
      .layout = FusedLayout::by_group};
  attention.o_proj = linear(name + ".dense", hidden_size, hidden_size, true);
  attention.position_bias = alibi(heads);
  return attention;
}

Decoder describe_bloom(const Config& config) {
  config.mark_read("offset_alibi");
  const std::int64_t hidden_size = config.size(config.has("n_embed") ? "n_embed" : "hidden_size");
  const double eps = config.number("layer_norm_epsilon", 1e-5);
  const bool normed_residual = config.flag("apply_residual_connection_post_layernorm", false);
  Decoder decoder = framed(
      config,
      {.hidden_size = hidden_size,
       .num_hidden_layers = config.count(config.has("n_layer") ? "n_layer" : "num_hidden_layers"),
       .embed_tokens = "transformer.word_embeddings",
       .layers = "transformer.h",
       .norm = layer_norm("transformer.ln_f", hidden_size, eps),
       .tie_word_embeddings = true},
      [&](const std::string& name) {
        DecoderLayer layer{
            .name = name,
            .mixer =
                Branch<Mixer>{.norm = layer_norm(name + ".input_layernorm", hidden_size, eps),
                              .body = attention(config, name + ".self_attention", hidden_size)},
            .mlp = Branch<Mlp>{
                .norm = layer_norm(name + ".post_attention_layernorm", hidden_size, eps),
                .body = plain_mlp(
                    {.up = name + ".mlp.dense_h_to_4h", .down = name + ".mlp.dense_4h_to_h"},
                    hidden_size, 4 * hidden_size, true, Activation::gelu_tanh)}};
        if (normed_residual) place_norms(layer, Residual::Placement::input);
        return layer;
      });
  decoder.embedding_norm = layer_norm("transformer.word_embeddings_layernorm", hidden_size, eps);
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"bloom"}, .describe = describe_bloom};

}  // namespace ovbake::bloom
