// OLMo 1: the llama block with LayerNorms that have no parameters, and queries, keys and values
// clipped where config.json says so.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::olmo {

extern const Family family{.model_types = {"olmo"}, .describe = [](const Config& config) {
                             Decoder decoder = llama_like(config);
                             const LayerNorm norm{.weight = std::nullopt, .eps = 1e-5};
                             decoder.norm = norm;
                             for (DecoderLayer& layer : decoder.layers) {
                               layer.mixer->norm = layer.mlp->norm = norm;
                               if (config.has("clip_qkv"))
                                 layer.self_attn().clip_qkv = config.number("clip_qkv");
                             }
                             return decoder;
                           }};

}  // namespace ovbake::olmo
