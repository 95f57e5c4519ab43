// Helium: the llama block with interleaved rotary pairs and no bias behind attention.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::helium {

extern const Family family{
    .model_types = {"helium"}, .describe = [](const Config& config) {
      Decoder decoder = llama_like(config.with_defaults(
          {{"head_dim", 128}, {"rms_norm_eps", 1e-8}, {"rope_theta", 100'000.0}}));
      for (DecoderLayer& layer : decoder.layers) {
        layer.self_attn().rope->layout = RopeLayout::interleaved;
        layer.self_attn().o_proj.bias.reset();
      }
      return decoder;
    }};

}  // namespace ovbake::helium
