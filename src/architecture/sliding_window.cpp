#include "architecture/sliding_window.hpp"

#include "architecture/layer_kinds.hpp"

namespace ovbake {

void slide_layers(Decoder& decoder, const Config& config,
                  const std::function<bool(std::int64_t layer)>& by_index) {
  const std::vector<bool> slides =
      layers_of_type(config, "sliding_attention", decoder.layers.size(), by_index);
  config.mark_read("sliding_window");
  for (std::size_t i = 0; i < slides.size(); ++i) {
    if (slides[i])
      decoder.layers[i].self_attn().window = SlidingWindow{config.size("sliding_window")};
  }
}

void slide_everywhere(Decoder& decoder, const Config& config) {
  if (!config.has("sliding_window")) return;
  for (DecoderLayer& layer : decoder.layers) {
    layer.self_attn().window = SlidingWindow{config.size("sliding_window")};
  }
}

void slide_between(Decoder& decoder, const Config& config, std::int64_t usual_pattern) {
  constexpr std::string_view kPattern = "sliding_window_pattern";
  const bool listed = config.has("layer_types");
  const std::int64_t pattern = listed ? usual_pattern : config.size(kPattern, usual_pattern);
  config.mark_read(kPattern);
  config.mark_read("_sliding_window_pattern");
  slide_layers(decoder, config, [&](std::int64_t layer) { return (layer + 1) % pattern != 0; });
}

void rotate_by_type(Decoder& decoder, const Config& config,
                    const std::function<Rope(std::string_view layer_type)>& make) {
  constexpr std::string_view kSection = "rope_parameters";
  for (const std::string_view type : {"full_attention", "sliding_attention"}) {
    std::optional<Rope> rope;
    for (DecoderLayer& layer : decoder.layers) {
      if (layer.self_attn().window.has_value() != (type == "sliding_attention")) continue;
      if (!rope) rope = make(type);
      layer.self_attn().rope = rope;
    }
    if (!rope && config.has(kSection)) config.section(kSection).mark_read(type);
  }
}

void slide_as_qwen(Decoder& decoder, const Config& config) {
  const std::int64_t full = config.integer("max_window_layers", 28);
  if (config.flag("use_sliding_window", false)) {
    slide_layers(decoder, config, [&](std::int64_t layer) { return layer >= full; });
  }
  config.mark_read("layer_types");
  config.mark_read("sliding_window");
}

void ignore_windows(const Config& config) {
  for (const auto key :
       {"use_sliding_window", "sliding_window", "max_window_layers", "layer_types"}) {
    config.mark_read(key);
  }
}

}  // namespace ovbake
