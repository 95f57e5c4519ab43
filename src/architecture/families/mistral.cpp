// Mistral: the llama block; where config.json sets sliding_window, every layer has that window.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake {

extern const Family mistral{.model_types = {"mistral"}, .describe = [](const Config& config) {
                              Decoder decoder = llama_like(config);
                              if (config.has("sliding_window")) {
                                for (DecoderLayer& layer : decoder.layers) {
                                  layer.self_attn.sliding_window = config.size("sliding_window");
                                }
                              }
                              return decoder;
                            }};

}  // namespace ovbake
