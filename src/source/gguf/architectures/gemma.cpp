// Gemma 1.
#include "source/gguf/architecture.hpp"

namespace ovbake::gemma {

extern const GgufArchitecture gguf{.name = "gemma",
                                   .config =
                                       [](const GgufModel& model) {
                                         Json json =
                                             common_config(model, "gemma", "GemmaForCausalLM");
                                         json["hidden_act"] = "gelu_pytorch_tanh";
                                         json["hidden_activation"] = "gelu_pytorch_tanh";
                                         return json;
                                       },
                                   .added_to_norms = 1};

}  // namespace ovbake::gemma
