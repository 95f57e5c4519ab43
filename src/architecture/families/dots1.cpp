// dots.llm1: the llama block with an RMS norm on every query and key head, and DeepSeek's mixtures.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::dots1 {

extern const Family family{.model_types = {"dots1"}, .describe = [](const Config& root) {
                             const Config config =
                                 root.with_defaults({{"norm_topk_prob", false},
                                                     {"moe_intermediate_size", 1408},
                                                     {"max_window_layers", 62},
                                                     {"sliding_window", 4096}});
                             Decoder decoder = llama_like(config);
                             norm_heads(decoder, config.number("rms_norm_eps", 1e-6));
                             mix_as_deepseek(decoder, config);
                             const std::int64_t full = config.integer("max_window_layers");
                             slide_layers(decoder, config, [&](std::int64_t layer) {
                               return config.has("sliding_window") && layer >= full;
                             });
                             return decoder;
                           }};

}  // namespace ovbake::dots1
