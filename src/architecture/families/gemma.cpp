// Gemma 1. Its checkpoints of 2024 say hidden_act "gelu" and mean the tanh form, as Google's code
// and transformers since 5.24 have it.
#include "architecture/family.hpp"
#include "architecture/gemma_like.hpp"

namespace ovbake::gemma {

extern const Family family{.model_types = {"gemma"}, .describe = [](const Config& config) {
                             const bool is_old = config.text("hidden_act", "gelu") == "gelu";
                             const bool is_named = config.has("hidden_activation");
                             return gemma_like(
                                 config, is_old || is_named ? "hidden_activation" : "hidden_act");
                           }};

}  // namespace ovbake::gemma
