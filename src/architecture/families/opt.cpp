// OPT: learned positions and ReLU; the 350M model has its norms behind the sums and an embedding
// narrower than its layers.
#include "architecture/fairseq_like.hpp"
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::opt {
namespace {

/// Puts projections between layers of hidden_size and an embedding and a head of `width`.
void narrow_embedding(Decoder& decoder, std::int64_t width) {
  const std::int64_t hidden_size = decoder.hidden_size;
  if (width == hidden_size) return;
  decoder.embed_tokens.shape[1] = width;
  decoder.lm_head.weight.shape[1] = width;
  decoder.project_in = linear("model.decoder.project_in", hidden_size, width, false);
  decoder.project_out = linear("model.decoder.project_out", width, hidden_size, false);
}

Decoder describe_opt(const Config& config) {
  require_flag(config, "learned_embeddings", true);
  require_flag(config, "scale_embeddings", false);
  const std::int64_t hidden_size = config.size("hidden_size");
  const FairseqSizes sizes{.hidden_size = hidden_size,
                           .num_heads = config.count("num_attention_heads"),
                           .inner_size = config.size("ffn_dim"),
                           .hidden_act = activation(config, "activation_function", "relu"),
                           .bias = config.flag("enable_bias", true),
                           .norm_weights = config.flag("layer_norm_elementwise_affine", true)};
  const bool norm_first = config.flag("do_layer_norm_before", true);
  const bool last_norm_removed = config.flag("_remove_final_layer_norm", false);
  Frame frame{.hidden_size = hidden_size,
              .num_hidden_layers = config.count("num_hidden_layers"),
              .embed_tokens = "model.decoder.embed_tokens",
              .layers = "model.decoder.layers",
              .norm = {},
              .tie_word_embeddings = true};
  if (norm_first && !last_norm_removed)
    frame.norm = fairseq_norm("model.decoder.final_layer_norm", hidden_size, sizes.norm_weights);
  Decoder decoder = framed(config, frame, [&](const std::string& name) {
    DecoderLayer layer = fairseq_layer(config, name, sizes);
    if (!norm_first) place_norms(layer, Residual::Placement::sum);
    return layer;
  });
  learn_positions(decoder, "model.decoder.embed_positions",
                  config.size("max_position_embeddings", 2048), kFairseqOffset);
  narrow_embedding(decoder, config.size("word_embed_proj_dim", hidden_size));
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"opt"}, .describe = describe_opt};

}  // namespace ovbake::opt
