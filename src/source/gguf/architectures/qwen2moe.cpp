// Qwen 1.5 and 2 with experts. The scores of the chosen are not divided by their sum, which no key
// says.
#include "source/gguf/architecture.hpp"

namespace ovbake::qwen2moe {

extern const GgufArchitecture gguf{
    .name = "qwen2moe", .config = [](const GgufModel& model) {
      Json json = common_config(model, "qwen2_moe", "Qwen2MoeForCausalLM");
      json["hidden_act"] = "silu";
      json["use_sliding_window"] = false;
      json["norm_topk_prob"] = false;
      add_qwen_experts(json, model);
      const StoredTensor* up = model.find("blk.0.ffn_up_shexp.weight");
      json["shared_expert_intermediate_size"] =
          model.metadata().integer(model.key("expert_shared_feed_forward_length"),
                                   up == nullptr || up->shape.empty() ? 0 : up->shape[0]);
      return json;
    }};

}  // namespace ovbake::qwen2moe
