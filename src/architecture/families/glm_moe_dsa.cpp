// GLM-5: DeepSeek's latent attention and mixtures, where every few layers choose the positions that
// they and the next ones attend to, which are all of them up to index_topk.
#include "architecture/deepseek_like.hpp"
#include "architecture/experts.hpp"
#include "architecture/family.hpp"

namespace ovbake::glm_moe_dsa {

extern const Family family{.model_types = {"glm_moe_dsa"}, .describe = [](const Config& root) {
                             const Config config =
                                 root.with_defaults({{"num_key_value_heads", 64},
                                                     {"qk_nope_head_dim", 192},
                                                     {"qk_rope_head_dim", 64},
                                                     {"v_head_dim", 256},
                                                     {"kv_lora_rank", 512},
                                                     {"q_lora_rank", 2048},
                                                     {"n_routed_experts", 256},
                                                     {"num_experts_per_tok", 8},
                                                     {"moe_intermediate_size", 2048},
                                                     {"routed_scaling_factor", 2.5},
                                                     {"first_k_dense_replace", 3},
                                                     {"rms_norm_eps", 1e-5}});
                             require_text(config, "scoring_func", "sigmoid");
                             require_text(config, "topk_method", "noaux_tc");
                             config.mark_read("moe_router_dtype");
                             Decoder decoder = deepseek_like(config);
                             mix_as_deepseek(decoder, config);
                             stay_within_the_index(decoder, config);
                             return decoder;
                           }};

}  // namespace ovbake::glm_moe_dsa
