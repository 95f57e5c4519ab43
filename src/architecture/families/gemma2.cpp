// Gemma 2: Gemma with norms also behind attention and MLP, soft-caps on scores and logits, a scale
// of the scores of its own, and a window on every other layer.
#include <cmath>

#include "architecture/family.hpp"
#include "architecture/gemma_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::gemma2 {

extern const Family family{
    .model_types = {"gemma2"}, .describe = [](const Config& config) {
      Decoder decoder = gemma_like(config, "hidden_activation");
      const double eps = config.number("rms_norm_eps", 1e-6);
      decoder.final_logit_softcapping = config.number("final_logit_softcapping");
      for (DecoderLayer& layer : decoder.layers) {
        sandwich_norms(layer, eps, 1);
        layer.self_attn.scaling = 1 / std::sqrt(config.number("query_pre_attn_scalar", 256));
        layer.self_attn.logit_softcapping = config.number("attn_logit_softcapping");
      }
      slide_layers(decoder, config, [](std::int64_t layer) { return layer % 2 == 0; });
      return decoder;
    }};

}  // namespace ovbake::gemma2
