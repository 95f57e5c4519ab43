// OLMo 3: OLMo 2 whose layers see a window, but every fourth sees all. Scaled frequencies are for
// those alone: so it was trained, and so transformers 4.57 computes it, which 5.x no longer does.
#include "architecture/family.hpp"
#include "architecture/olmo_like.hpp"
#include "architecture/rope.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::olmo3 {

extern const Family family{
    .model_types = {"olmo3"}, .describe = [](const Config& config) {
      Decoder decoder = olmo_like(config);
      slide_between(decoder, config.with_defaults({{"sliding_window", 4096}}), 4);
      for (DecoderLayer& layer : decoder.layers) {
        Attention& attention = layer.self_attn();
        if (attention.window) {
          attention.rope = describe_unscaled_rope(config, attention.head_dim);
        }
      }
      return decoder;
    }};

}  // namespace ovbake::olmo3
