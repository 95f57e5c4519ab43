// Llama 2, 3, 3.1, 3.2 and everything that was trained in their shape (TinyLlama, SmolLM2, …).
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::llama {

extern const Family family{.model_types = {"llama"},
                           .describe = [](const Config& config) { return llama_like(config); }};

}  // namespace ovbake::llama
