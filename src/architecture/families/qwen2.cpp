// Qwen2 and Qwen2.5: the llama block with a bias on queries, keys and values. A sliding window
// exists only where use_sliding_window says so, on the layers that layer_types, or else
// max_window_layers, names.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "base/error.hpp"

namespace ovbake {
namespace {

/// For every layer whether its attention slides, as transformers' Qwen2Config fills layer_types.
std::vector<bool> sliding_layers(const Config& config, std::size_t layers) {
  std::vector<bool> sliding(layers, false);
  const bool used = config.flag("use_sliding_window", false);
  if (config.has("layer_types")) {
    const std::vector<std::string> types = config.texts("layer_types");
    if (types.size() != layers) {
      throw input_error("{}: layer_types has {} entries for {} layers.", config.where(),
                        types.size(), layers);
    }
    for (std::size_t i = 0; i < layers; ++i) sliding[i] = types[i] == "sliding_attention";
  } else if (used) {
    const auto full = static_cast<std::size_t>(config.integer("max_window_layers", 28));
    for (std::size_t i = full; i < layers; ++i) sliding[i] = true;
  }
  if (!used) sliding.assign(layers, false);
  config.mark_read("max_window_layers");
  config.mark_read("sliding_window");
  return sliding;
}

}  // namespace

extern const Family qwen2{
    .model_types = {"qwen2"}, .describe = [](const Config& config) {
      Decoder decoder = llama_like(config);
      const std::vector<bool> sliding = sliding_layers(config, decoder.layers.size());
      for (std::size_t i = 0; i < decoder.layers.size(); ++i) {
        Attention& attention = decoder.layers[i].self_attn;
        auto& [q_proj, k_proj, v_proj] = separate(attention);
        for (Linear* projection : {&q_proj, &k_proj, &v_proj}) {
          projection->bias = bias_of(*projection);
        }
        if (sliding[i]) attention.sliding_window = config.size("sliding_window");
      }
      return decoder;
    }};

}  // namespace ovbake
