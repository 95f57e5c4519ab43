#include "architecture/cohere_like.hpp"

#include "architecture/llama_like.hpp"

namespace ovbake {

Decoder cohere_like(const Config& config) {
  Decoder decoder = llama_like(config.with_defaults({{"tie_word_embeddings", true}}));
  const double eps = config.number("layer_norm_eps", 1e-5);
  decoder.logits_multiplier = config.number("logit_scale", 0.0625);
  decoder.norm = layer_norm("model.norm", decoder.hidden_size, eps, false);
  for (DecoderLayer& layer : decoder.layers) {
    layer.mixer->norm =
        layer_norm(layer.name + ".input_layernorm", decoder.hidden_size, eps, false);
    layer.mlp->norm.reset();
    layer.arrangement = Arrangement::shared_norm;
    layer.self_attn().rope->layout = RopeLayout::interleaved;
  }
  return decoder;
}

}  // namespace ovbake
