// Seed-OSS: the llama block with biases on queries, keys and values, and one of its own for the
// output of attention.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::seed_oss {

extern const Family family{
    .model_types = {"seed_oss"}, .describe = [](const Config& config) {
      Decoder decoder =
          llama_like(config.with_defaults({{"attention_bias", true}, {"head_dim", 128}}));
      const bool bias = config.flag("attention_out_bias", false);
      for (DecoderLayer& layer : decoder.layers) {
        Linear& o_proj = layer.self_attn().o_proj;
        o_proj.bias = bias ? std::optional(bias_of(o_proj)) : std::nullopt;
      }
      return decoder;
    }};

}  // namespace ovbake::seed_oss
