// Ministral 8B: the llama block with a window on the layers that layer_types names, or on all.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::ministral {

extern const Family family{.model_types = {"ministral"}, .describe = [](const Config& config) {
                             const Config usual = config.with_defaults({{"sliding_window", 4096}});
                             Decoder decoder = llama_like(usual);
                             const bool slides = usual.has("sliding_window");
                             slide_layers(decoder, usual, [&](std::int64_t) { return slides; });
                             return decoder;
                           }};

}  // namespace ovbake::ministral
