#include "architecture/ernie_like.hpp"

#include "architecture/llama_like.hpp"

namespace ovbake {

Config ernie_words(const Config& config) {
  const bool bias = config.flag("use_bias", false);
  return config.with_defaults({{"attention_bias", bias},
                               {"mlp_bias", bias},
                               {"rms_norm_eps", 1e-5},
                               {"rope_theta", 500'000.0},
                               {"tie_word_embeddings", true}});
}

Decoder ernie_like(const Config& config) {
  Decoder decoder = llama_like(config);
  for (DecoderLayer& layer : decoder.layers) {
    layer.self_attn().rope->layout = RopeLayout::interleaved;
  }
  return decoder;
}

}  // namespace ovbake
