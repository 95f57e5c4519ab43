// MiniCPM 3: MiniCPM with multi-head latent attention, whose values are as wide as hidden_size
// divided by the heads.
#include "architecture/family.hpp"
#include "architecture/latent_attention.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/minicpm_like.hpp"

namespace ovbake::minicpm3 {
namespace {

Decoder describe_minicpm3(const Config& config) {
  const std::int64_t heads = config.count("num_attention_heads");
  require_integer(config, "num_key_value_heads", heads);
  const Config words =
      minicpm_words(config).with_defaults({{"head_dim", config.count("qk_rope_head_dim")},
                                           {"v_head_dim", config.size("hidden_size") / heads}});
  Decoder decoder = llama_like(words);
  for (DecoderLayer& layer : decoder.layers) {
    layer.self_attn() = latent_attention(words, layer.name + ".self_attn", *layer.self_attn().rope);
  }
  scale_as_minicpm(decoder, words);
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"minicpm3"}, .describe = describe_minicpm3};

}  // namespace ovbake::minicpm3
