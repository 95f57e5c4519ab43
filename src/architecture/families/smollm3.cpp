// SmolLM3: the llama block, most layers with rotary positions and some with none; where
// use_sliding_window is set, those without see a window.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"
#include "base/error.hpp"

namespace ovbake {
namespace {

/// One number a layer: 1 for those with rotary positions, as no_rope_layers has it.
std::vector<std::int64_t> rotary_layers(const Config& config, std::size_t layers) {
  const std::int64_t interval = config.size("no_rope_layer_interval", 4);
  std::vector<std::int64_t> rotary;
  if (config.has("no_rope_layers")) {
    rotary = config.integers("no_rope_layers");
  } else {
    for (std::size_t i = 0; i < layers; ++i) {
      rotary.push_back((static_cast<std::int64_t>(i) + 1) % interval != 0);
    }
  }
  if (rotary.size() == layers) return rotary;
  throw input_error("{}: no_rope_layers has {} entries for {} layers.", config.where(),
                    rotary.size(), layers);
}

}  // namespace

extern const Family smollm3{
    .model_types = {"smollm3"}, .describe = [](const Config& config) {
      Decoder decoder = llama_like(
          config.with_defaults({{"tie_word_embeddings", true}, {"rope_theta", 2'000'000.0}}));
      const auto rotary = rotary_layers(config, decoder.layers.size());
      for (std::size_t i = 0; i < rotary.size(); ++i) {
        if (rotary[i] == 0) decoder.layers[i].self_attn.rope.reset();
      }
      if (config.flag("use_sliding_window", false) && config.has("sliding_window")) {
        slide_layers(decoder, config, [&](std::int64_t layer) {
          return rotary[static_cast<std::size_t>(layer)] == 0;
        });
      }
      config.mark_read("layer_types");
      config.mark_read("sliding_window");
      return decoder;
    }};

}  // namespace ovbake
