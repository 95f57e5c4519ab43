// Gemma 2: Gemma with norms also behind attention and MLP, soft-caps on scores and logits, a scale
// of the scores of its own, and a window on every other layer.
#include "architecture/family.hpp"
#include "architecture/gemma_like.hpp"

namespace ovbake::gemma2 {

extern const Family family{.model_types = {"gemma2"}, .describe = [](const Config& config) {
                             Decoder decoder = gemma_like(config, "hidden_activation");
                             const double eps = config.number("rms_norm_eps", 1e-6);
                             for (DecoderLayer& layer : decoder.layers)
                               sandwich_norms(layer, eps, 1);
                             cap_and_slide_as_gemma2(decoder, config);
                             return decoder;
                           }};

}  // namespace ovbake::gemma2
