// Sarvam 105B: DeepSeek's latent attention, and mixtures chosen by sigmoids behind the first layer.
#include "architecture/deepseek_like.hpp"
#include "architecture/experts.hpp"
#include "architecture/family.hpp"

namespace ovbake::sarvam_mla {

extern const Family family{
    .model_types = {"sarvam_mla"}, .describe = [](const Config& root) {
      root.mark_read("q_head_dim");
      const Config config = in_deepseek_words(root).with_defaults({{"qk_nope_head_dim", 128},
                                                                   {"qk_rope_head_dim", 64},
                                                                   {"v_head_dim", 128},
                                                                   {"kv_lora_rank", 512},
                                                                   {"n_routed_experts", 128},
                                                                   {"num_experts_per_tok", 8},
                                                                   {"moe_intermediate_size", 2048},
                                                                   {"routed_scaling_factor", 2.5},
                                                                   {"first_k_dense_replace", 1}});
      Decoder decoder = deepseek_like(config);
      mix_as_deepseek(decoder, config);
      return decoder;
    }};

}  // namespace ovbake::sarvam_mla
