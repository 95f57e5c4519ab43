// Youtu-LLM: DeepSeek's latent attention with dense MLPs.
#include "architecture/deepseek_like.hpp"
#include "architecture/family.hpp"

namespace ovbake::youtu {

extern const Family family{
    .model_types = {"youtu"}, .describe = [](const Config& config) {
      config.mark_read("embedding_initializer_range");
      return deepseek_like(config.with_defaults({{"num_key_value_heads", 16},
                                                 {"kv_lora_rank", 512},
                                                 {"q_lora_rank", 1536},
                                                 {"qk_rope_head_dim", 64},
                                                 {"qk_nope_head_dim", 128},
                                                 {"v_head_dim", 128},
                                                 {"tie_word_embeddings", true}}));
    }};

}  // namespace ovbake::youtu
