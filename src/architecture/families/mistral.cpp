// Mistral: the llama block; every layer has a window, unless config.json says that it is null.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::mistral {

extern const Family family{
    .model_types = {"mistral"}, .describe = [](const Config& config) {
      Decoder decoder = llama_like(config);
      slide_everywhere(decoder, config.with_defaults({{"sliding_window", 4096}}));
      return decoder;
    }};

}  // namespace ovbake::mistral
