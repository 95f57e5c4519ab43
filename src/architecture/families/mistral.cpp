// Mistral: the llama block; where config.json sets sliding_window, every layer has that window.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::mistral {

extern const Family family{.model_types = {"mistral"}, .describe = [](const Config& config) {
                             Decoder decoder = llama_like(config);
                             slide_everywhere(decoder, config);
                             return decoder;
                           }};

}  // namespace ovbake::mistral
