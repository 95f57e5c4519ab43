// DeciLM: the llama block with as many heads of keys and values as each layer is said to have.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "base/error.hpp"

namespace ovbake {
namespace {

constexpr std::string_view kHeads = "num_key_value_heads_per_layer";

Decoder describe_deci(const Config& config) {
  const std::int64_t heads = config.count("num_attention_heads");
  const std::vector<std::int64_t> kv_heads = config.integers(kHeads);
  Decoder decoder = llama_like(config);
  if (kv_heads.size() != decoder.layers.size()) {
    throw input_error("{}: {} has {} entries for {} layers.", config.where(), kHeads,
                      kv_heads.size(), decoder.layers.size());
  }
  for (std::size_t i = 0; i < kv_heads.size(); ++i) {
    DecoderLayer& layer = decoder.layers[i];
    const std::optional<Rope> rope = layer.self_attn.rope;
    layer.self_attn = grouped_attention(config, layer.name + ".self_attn",
                                        {.num_attention_heads = heads,
                                         .num_key_value_heads = kv_heads[i],
                                         .head_dim = layer.self_attn.head_dim});
    layer.self_attn.rope = rope;
  }
  return decoder;
}

}  // namespace

extern const Family deci{.model_types = {"deci"}, .describe = describe_deci};

}  // namespace ovbake
