// Gemma 2.
#include "source/gguf/architecture.hpp"

namespace ovbake::gemma2 {

extern const GgufArchitecture gguf{
    .name = "gemma2",
    .config =
        [](const GgufModel& model) {
          Json json = common_config(model, "gemma2", "Gemma2ForCausalLM");
          add_gemma_keys(json, model, 46);
          json["hidden_act"] = "gelu_pytorch_tanh";
          json["attn_logit_softcapping"] = model.number("attn_logit_softcapping");
          return json;
        },
    .names = gemma_names,
    .added_to_norms = 1};

}  // namespace ovbake::gemma2
