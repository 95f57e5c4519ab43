// Granite with windows: granite, most of whose layers see a window, with a score for each head that
// no key answers to, and a rope of its own or none for each layer.
#include "architecture/family.hpp"
#include "architecture/granite_like.hpp"

namespace ovbake::granite_swa {

extern const Family family{
    .model_types = {"granite_swa"}, .describe = [](const Config& root) {
      const Config config = root.with_defaults(
          {{"num_key_value_heads", 4}, {"rms_norm_eps", 1e-5}, {"tie_word_embeddings", true}});
      Decoder decoder = granite_like(config);
      slide_beside_sinks(decoder, config);
      return decoder;
    }};

}  // namespace ovbake::granite_swa
