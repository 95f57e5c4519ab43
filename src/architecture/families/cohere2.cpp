// Command R7B and Command A: Command R whose layers see a window, but every fourth sees all and
// does not know positions.
#include "architecture/cohere_like.hpp"
#include "architecture/family.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::cohere2 {

extern const Family family{
    .model_types = {"cohere2"}, .describe = [](const Config& config) {
      Decoder decoder = cohere_like(config);
      slide_between(decoder, config.with_defaults({{"sliding_window", 4096}}), 4);
      for (DecoderLayer& layer : decoder.layers) {
        if (!layer.self_attn().window) layer.self_attn().rope.reset();
      }
      return decoder;
    }};

}  // namespace ovbake::cohere2
