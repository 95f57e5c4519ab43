// Qwen 3 with experts. The scores of the chosen are divided by their sum, which no key says.
#include "source/gguf/architecture.hpp"

namespace ovbake::qwen3moe {

extern const GgufArchitecture gguf{.name = "qwen3moe", .config = [](const GgufModel& model) {
                                     Json json =
                                         common_config(model, "qwen3_moe", "Qwen3MoeForCausalLM");
                                     json["hidden_act"] = "silu";
                                     json["attention_bias"] = false;
                                     json["use_sliding_window"] = false;
                                     json["norm_topk_prob"] = true;
                                     add_qwen_experts(json, model);
                                     return json;
                                   }};

}  // namespace ovbake::qwen3moe
