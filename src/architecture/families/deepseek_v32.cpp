// DeepSeek-V3.2: DeepSeek-V3 whose layers choose the positions that they attend to, which are all
// of them up to index_topk.
#include "architecture/deepseek_like.hpp"
#include "architecture/experts.hpp"
#include "architecture/family.hpp"

namespace ovbake::deepseek_v32 {

extern const Family family{.model_types = {"deepseek_v32"}, .describe = [](const Config& root) {
                             const Config config =
                                 root.with_defaults({{"num_key_value_heads", 128},
                                                     {"qk_nope_head_dim", 128},
                                                     {"qk_rope_head_dim", 64},
                                                     {"v_head_dim", 128},
                                                     {"kv_lora_rank", 512},
                                                     {"q_lora_rank", 1536},
                                                     {"n_routed_experts", 256},
                                                     {"num_experts_per_tok", 8},
                                                     {"moe_intermediate_size", 2048},
                                                     {"n_group", 8},
                                                     {"topk_group", 4},
                                                     {"routed_scaling_factor", 2.5},
                                                     {"first_k_dense_replace", 3}});
                             require_text(config, "scoring_func", "sigmoid");
                             require_text(config, "topk_method", "noaux_tc");
                             Decoder decoder = deepseek_like(config);
                             mix_as_deepseek(decoder, config);
                             stay_within_the_index(decoder, config);
                             return decoder;
                           }};

}  // namespace ovbake::deepseek_v32
