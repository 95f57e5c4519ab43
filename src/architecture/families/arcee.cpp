// Arcee: the llama block with an MLP that has no gate and a squared ReLU.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake {

extern const Family arcee{.model_types = {"arcee"}, .describe = [](const Config& config) {
                            Decoder decoder = llama_like(config);
                            for (DecoderLayer& layer : decoder.layers) {
                              const auto gated = std::get<GatedMlp>(layer.mlp);
                              layer.mlp =
                                  PlainMlp{.up_proj = gated.up_proj,
                                           .down_proj = gated.down_proj,
                                           .hidden_act = activation(config, "hidden_act", "relu2")};
                            }
                            return decoder;
                          }};

}  // namespace ovbake
