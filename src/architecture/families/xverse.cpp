// XVERSE 7B, 13B and 65B: the llama block.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::xverse {

extern const Family family{.model_types = {"xverse"}, .describe = [](const Config& config) {
                             config.mark_read("max_tokenizer_truncation");
                             return llama_like(config);
                           }};

}  // namespace ovbake::xverse
