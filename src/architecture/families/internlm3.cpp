// InternLM 3: the llama block with biases, where config.json asks for them, on queries, keys and
// values (qkv_bias) and on all other projections (bias).
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::internlm3 {

extern const Family family{
    .model_types = {"internlm3"}, .describe = [](const Config& config) {
      const bool bias = config.flag("bias", false);
      Decoder decoder = llama_like(config.with_defaults(
          {{"attention_bias", config.flag("qkv_bias", false)}, {"mlp_bias", bias}}));
      for (DecoderLayer& layer : decoder.layers) {
        Linear& o_proj = layer.self_attn().o_proj;
        o_proj.bias = bias ? std::optional(bias_of(o_proj)) : std::nullopt;
      }
      return decoder;
    }};

}  // namespace ovbake::internlm3
