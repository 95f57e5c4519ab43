// Aquila 1 and 2: the llama block.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::aquila {

extern const Family family{.model_types = {"aquila"},
                           .describe = [](const Config& config) { return llama_like(config); }};

}  // namespace ovbake::aquila
