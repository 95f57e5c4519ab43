// GLM-4.7-Flash: DeepSeek's latent attention, and its mixtures behind the first layer.
#include "architecture/deepseek_like.hpp"
#include "architecture/experts.hpp"
#include "architecture/family.hpp"

namespace ovbake::glm4_moe_lite {

extern const Family family{.model_types = {"glm4_moe_lite"}, .describe = [](const Config& root) {
                             const Config config =
                                 root.with_defaults({{"num_key_value_heads", 20},
                                                     {"qk_nope_head_dim", 192},
                                                     {"qk_rope_head_dim", 64},
                                                     {"v_head_dim", 256},
                                                     {"kv_lora_rank", 512},
                                                     {"q_lora_rank", 768},
                                                     {"n_routed_experts", 64},
                                                     {"num_experts_per_tok", 4},
                                                     {"moe_intermediate_size", 1536},
                                                     {"routed_scaling_factor", 1.8},
                                                     {"first_k_dense_replace", 1},
                                                     {"rms_norm_eps", 1e-5}});
                             require_text(config, "topk_method", "noaux_tc");
                             Decoder decoder = deepseek_like(config);
                             mix_as_deepseek(decoder, config);
                             return decoder;
                           }};

}  // namespace ovbake::glm4_moe_lite
