// OLMoE: a mixture of experts in every layer, and an RMS norm over all queries and all keys at
// once.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/olmo_like.hpp"

namespace ovbake::olmoe {

extern const Family family{.model_types = {"olmoe"}, .describe = [](const Config& root) {
                             const Config config = root.with_defaults({{"num_experts", 64},
                                                                       {"num_experts_per_tok", 8},
                                                                       {"intermediate_size", 2048},
                                                                       {"rms_norm_eps", 1e-5}});
                             Decoder decoder = llama_like(config);
                             const double eps = config.number("rms_norm_eps");
                             for (DecoderLayer& layer : decoder.layers) {
                               layer.self_attn().qk_norm = rms_norms_of_projections(layer, eps);
                               if (config.has("clip_qkv"))
                                 layer.self_attn().clip_qkv = config.number("clip_qkv");
                               layer.mlp->body = softmax_mixture(
                                   config, layer.name + ".mlp",
                                   {.experts = config.count("num_experts"),
                                    .intermediate_size = config.size("intermediate_size")});
                             }
                             return decoder;
                           }};

}  // namespace ovbake::olmoe
