// Qwen 2 and 2.5.
#include "source/gguf/architecture.hpp"

namespace ovbake::qwen2 {

extern const GgufArchitecture gguf{.name = "qwen2", .config = [](const GgufModel& model) {
                                     Json json = common_config(model, "qwen2", "Qwen2ForCausalLM");
                                     json["hidden_act"] = "silu";
                                     json["use_sliding_window"] = false;
                                     return json;
                                   }};

}  // namespace ovbake::qwen2
