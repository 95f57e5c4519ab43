// SmolLM3: the llama block, most layers with rotary positions and some with none; where
// use_sliding_window is set, those without see a window.
#include "architecture/family.hpp"
#include "architecture/layer_kinds.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::smollm3 {

extern const Family family{
    .model_types = {"smollm3"}, .describe = [](const Config& config) {
      Decoder decoder = llama_like(
          config.with_defaults({{"tie_word_embeddings", true}, {"rope_theta", 2'000'000.0}}));
      const std::vector<bool> rotary = rotary_layers(config, decoder.layers.size());
      for (std::size_t i = 0; i < rotary.size(); ++i) {
        if (!rotary[i]) decoder.layers[i].self_attn().rope.reset();
      }
      if (config.flag("use_sliding_window", false) && config.has("sliding_window")) {
        slide_layers(decoder, config,
                     [&](std::int64_t layer) { return !rotary[static_cast<std::size_t>(layer)]; });
      }
      config.mark_read("layer_types");
      config.mark_read("sliding_window");
      return decoder;
    }};

}  // namespace ovbake::smollm3
