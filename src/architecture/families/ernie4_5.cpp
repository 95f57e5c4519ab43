// ERNIE 4.5: the llama block with interleaved rotary pairs and, where use_bias says so, biases.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake {

extern const Family ernie4_5{
    .model_types = {"ernie4_5"}, .describe = [](const Config& config) {
      const bool bias = config.flag("use_bias", false);
      Decoder decoder = llama_like(config.with_defaults({{"attention_bias", bias},
                                                         {"mlp_bias", bias},
                                                         {"head_dim", 128},
                                                         {"rms_norm_eps", 1e-5},
                                                         {"rope_theta", 500'000.0},
                                                         {"tie_word_embeddings", true}}));
      for (DecoderLayer& layer : decoder.layers) {
        layer.self_attn.rope->layout = RopeLayout::interleaved;
      }
      return decoder;
    }};

}  // namespace ovbake
