// Qwen2 and Qwen2.5: the llama block with a bias on queries, keys and values.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::qwen2 {

extern const Family family{.model_types = {"qwen2", "qwen2_5_vl_text", "qwen2_vl_text"},
                           .describe = [](const Config& config) {
                             Decoder decoder = llama_like(config);
                             for (DecoderLayer& layer : decoder.layers) {
                               auto& [q_proj, k_proj, v_proj] = separate(layer.self_attn());
                               for (Linear* projection : {&q_proj, &k_proj, &v_proj}) {
                                 projection->bias = bias_of(*projection);
                               }
                             }
                             slide_as_qwen(decoder, config);
                             return decoder;
                           }};

}  // namespace ovbake::qwen2
