// Qwen3: the llama block with an RMS norm on every query and key head, before they are turned.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::qwen3 {

extern const Family family{.model_types = {"qwen3", "qwen3_vl_text"},
                           .describe = [](const Config& config) {
                             Decoder decoder = llama_like(config);
                             norm_heads(decoder, config.number("rms_norm_eps", 1e-6));
                             if (config.text("model_type") == "qwen3_vl_text") {
                               ignore_windows(config);
                             } else {
                               slide_as_qwen(decoder, config);
                             }
                             return decoder;
                           }};

}  // namespace ovbake::qwen3
