// Orion: the llama block with LayerNorms.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::orion {

extern const Family family{.model_types = {"orion"}, .describe = [](const Config& config) {
                             const Config words = config.with_defaults({{"rms_norm_eps", 1e-5}});
                             Decoder decoder = llama_like(words);
                             const double eps = words.number("rms_norm_eps");
                             replace_norms(decoder, [&](const std::string& name) {
                               return layer_norm(name, decoder.hidden_size, eps);
                             });
                             return decoder;
                           }};

}  // namespace ovbake::orion
