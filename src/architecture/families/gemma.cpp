// Gemma 1. Early checkpoints say hidden_act "gelu" and mean the tanh form, which hidden_activation
// names; transformers reads hidden_act alone.
#include "architecture/family.hpp"
#include "architecture/gemma_like.hpp"

namespace ovbake::gemma {

extern const Family family{.model_types = {"gemma"}, .describe = [](const Config& config) {
                             return gemma_like(config, config.has("hidden_activation")
                                                           ? "hidden_activation"
                                                           : "hidden_act");
                           }};

}  // namespace ovbake::gemma
