#include "architecture/granite_like.hpp"

#include "architecture/llama_like.hpp"

namespace ovbake {

Decoder granite_like(const Config& config) {
  Decoder decoder = llama_like(config);
  decoder.embedding_multiplier = config.number("embedding_multiplier", 1);
  decoder.logits_multiplier = 1 / config.number("logits_scaling", 1);
  for (DecoderLayer& layer : decoder.layers) {
    layer.self_attn.scaling = config.number("attention_multiplier", 1);
    layer.attention_multipliers.branch = layer.mlp_multipliers.branch =
        config.number("residual_multiplier", 1);
  }
  return decoder;
}

}  // namespace ovbake
