// MiniCPM 1 and 4: the llama block with factors for embeddings, residuals and logits.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/minicpm_like.hpp"

namespace ovbake::minicpm {

extern const Family family{.model_types = {"minicpm"}, .describe = [](const Config& config) {
                             require_integer(config, "num_experts", 0);
                             const Config words = minicpm_words(config);
                             Decoder decoder = llama_like(words);
                             scale_as_minicpm(decoder, words);
                             return decoder;
                           }};

}  // namespace ovbake::minicpm
