// EXAONE 4: norms behind attention and MLP, an RMS norm on every query and key head; in the models
// with a window the layers that see all do not know positions.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::exaone4 {

extern const Family family{
    .model_types = {"exaone4"}, .describe = [](const Config& config) {
      const Config usual = config.with_defaults({{"sliding_window", 4096}, {"rms_norm_eps", 1e-5}});
      Decoder decoder = llama_like(usual);
      const bool hybrid = usual.has("sliding_window");
      if (hybrid) slide_between(decoder, usual, 4);
      for (DecoderLayer& layer : decoder.layers) {
        move_norms_behind(layer, usual.number("rms_norm_eps"));
        layer.self_attn().qk_norm = rms_norms_of_heads(layer, usual.number("rms_norm_eps"));
        if (hybrid && !layer.self_attn().window) layer.self_attn().rope.reset();
      }
      config.mark_read("layer_types");
      config.mark_read("sliding_window_pattern");
      return decoder;
    }};

}  // namespace ovbake::exaone4
