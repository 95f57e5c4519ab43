// DeepSeek-V3 and R1, Kimi K2: latent attention, and mixtures chosen by sigmoids behind the first
// layers.
#include "architecture/deepseek_like.hpp"
#include "architecture/experts.hpp"
#include "architecture/family.hpp"

namespace ovbake::deepseek_v3 {

extern const Family family{
    .model_types = {"deepseek_v3"}, .older_types = {"kimi_k2"}, .describe = [](const Config& root) {
      const Config config = root.with_defaults({{"qk_nope_head_dim", 128},
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
      return decoder;
    }};

}  // namespace ovbake::deepseek_v3
