// GLM-4.5: the llama block on a part of each head, with DeepSeek's mixtures behind the first
// layers.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::glm4_moe {

extern const Family family{.model_types = {"glm4_moe"}, .describe = [](const Config& root) {
                             const Config config =
                                 root.with_defaults({{"num_experts_per_tok", 8},
                                                     {"n_routed_experts", 128},
                                                     {"moe_intermediate_size", 1408},
                                                     {"first_k_dense_replace", 1},
                                                     {"partial_rotary_factor", 0.5},
                                                     {"rms_norm_eps", 1e-5}});
                             Decoder decoder = llama_like(config);
                             for (DecoderLayer& layer : decoder.layers)
                               layer.self_attn().o_proj.bias.reset();
                             if (config.flag("use_qk_norm", false)) {
                               norm_heads(decoder, config.number("rms_norm_eps"));
                             }
                             mix_as_deepseek(decoder, config);
                             return decoder;
                           }};

}  // namespace ovbake::glm4_moe
