// Phi-3, 3.5, Phi-4 and 4-mini: the llama block with one projection for queries, keys and values
// and one for gate and up; rotary frequencies for short and long contexts, on a part of the head.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::phi3 {

extern const Family family{
    .model_types = {"phi3"}, .describe = [](const Config& config) {
      Decoder decoder = llama_like(config.with_defaults({{"rms_norm_eps", 1e-5}}));
      const std::int64_t hidden_size = decoder.hidden_size;
      for (DecoderLayer& layer : decoder.layers) {
        Attention& attention = layer.self_attn();
        const std::int64_t heads =
            attention.num_attention_heads + 2 * attention.num_key_value_heads;
        attention.projections =
            FusedProjection{.qkv_proj = linear(layer.name + ".self_attn.qkv_proj",
                                               heads * attention.head_dim, hidden_size, false),
                            .layout = FusedLayout::query_key_value};
        fuse_gate_and_up(layer);
      }
      if (config.has("sliding_window")) {
        slide_layers(decoder, config, [](std::int64_t) { return true; });
      }
      return decoder;
    }};

}  // namespace ovbake::phi3
