// Baichuan 1 and 2: the llama block with one projection for queries, keys and values. The 7B models
// turn heads, the 13B models, whose config.json has no max_position_embeddings, use ALiBi. The head
// of Baichuan 2 has rows of length 1.
#include "architecture/alibi.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::baichuan {
namespace {

constexpr std::int64_t kVocabularyOfBaichuan2 = 125696;

bool is_second_generation(const Config& config) {
  config.mark_read("z_loss_weight");
  return config.has("z_loss_weight") || config.size("vocab_size") == kVocabularyOfBaichuan2;
}

Decoder describe_baichuan(const Config& config) {
  require_flag(config, "tie_word_embeddings", false);
  for (const auto key : {"_from_model_config", "model_max_length"}) config.mark_read(key);
  Decoder decoder = llama_like(config);
  const std::int64_t hidden_size = decoder.hidden_size;
  const bool turns = config.has("max_position_embeddings");
  decoder.lm_head.weight.unit_rows = is_second_generation(config);
  for (DecoderLayer& layer : decoder.layers) {
    Attention& attention = layer.self_attn();
    attention.projections = FusedProjection{
        .qkv_proj = linear(layer.name + ".self_attn.W_pack", 3 * hidden_size, hidden_size, false),
        .layout = FusedLayout::query_key_value};
    if (turns) continue;
    attention.rope.reset();
    attention.position_bias = alibi(attention.num_attention_heads);
  }
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"baichuan"}, .describe = describe_baichuan};

}  // namespace ovbake::baichuan
