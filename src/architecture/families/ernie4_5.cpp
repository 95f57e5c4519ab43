// ERNIE 4.5: the llama block with interleaved rotary pairs and, where use_bias says so, biases.
#include "architecture/ernie_like.hpp"
#include "architecture/family.hpp"

namespace ovbake::ernie4_5 {

extern const Family family{.model_types = {"ernie4_5"}, .describe = [](const Config& config) {
                             return ernie_like(ernie_words(config.with_defaults(
                                 {{"head_dim", 128}, {"num_key_value_heads", 2}})));
                           }};

}  // namespace ovbake::ernie4_5
