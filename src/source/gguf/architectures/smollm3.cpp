// SmolLM3: every fourth layer has no rotary positions, which converters take as known.
#include "source/gguf/architecture.hpp"

namespace ovbake::smollm3 {

extern const GgufArchitecture gguf{.name = "smollm3",
                                   .config =
                                       [](const GgufModel& model) {
                                         Json json =
                                             common_config(model, "smollm3", "SmolLM3ForCausalLM");
                                         json["hidden_act"] = "silu";
                                         json["no_rope_layer_interval"] = 4;
                                         return json;
                                       },
                                   .interleaved_heads = true};

}  // namespace ovbake::smollm3
