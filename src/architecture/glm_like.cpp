#include "architecture/glm_like.hpp"

#include "architecture/llama_like.hpp"

namespace ovbake {

Decoder glm_like(const Config& config) {
  Decoder decoder = llama_like(config.with_defaults({{"num_key_value_heads", 2},
                                                     {"head_dim", 128},
                                                     {"attention_bias", true},
                                                     {"partial_rotary_factor", 0.5},
                                                     {"rms_norm_eps", kGlmEps}}));
  for (DecoderLayer& layer : decoder.layers) {
    layer.self_attn().o_proj.bias.reset();
    layer.self_attn().rope->layout = RopeLayout::interleaved;
    fuse_gate_and_up(layer);
  }
  return decoder;
}

}  // namespace ovbake
