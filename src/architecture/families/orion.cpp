// Orion: the llama block with LayerNorms.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake {

extern const Family orion{.model_types = {"orion"}, .describe = [](const Config& config) {
                            const Config words = config.with_defaults({{"rms_norm_eps", 1e-5}});
                            Decoder decoder = llama_like(words);
                            const auto norm = [&](const std::string& name) {
                              return layer_norm(name, decoder.hidden_size,
                                                words.number("rms_norm_eps"));
                            };
                            decoder.norm = norm("model.norm");
                            for (DecoderLayer& layer : decoder.layers) {
                              layer.attention_norm = norm(layer.name + ".input_layernorm");
                              layer.mlp_norm = norm(layer.name + ".post_attention_layernorm");
                            }
                            return decoder;
                          }};

}  // namespace ovbake
