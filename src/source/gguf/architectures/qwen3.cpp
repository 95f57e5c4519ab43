// Qwen 3.
#include "source/gguf/architecture.hpp"

namespace ovbake::qwen3 {

extern const GgufArchitecture gguf{.name = "qwen3", .config = [](const GgufModel& model) {
                                     Json json = common_config(model, "qwen3", "Qwen3ForCausalLM");
                                     json["hidden_act"] = "silu";
                                     json["attention_bias"] = false;
                                     json["use_sliding_window"] = false;
                                     return json;
                                   }};

}  // namespace ovbake::qwen3
