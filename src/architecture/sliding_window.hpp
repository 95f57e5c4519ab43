// Which layers of a model look at a window of positions only.
#pragma once

#include <functional>
#include <string_view>

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// Gives config.json's sliding_window to the layers that layer_types calls "sliding_attention" or,
/// where there is no layer_types, to those for which `by_index` is true.
void slide_layers(Decoder& decoder, const Config& config,
                  const std::function<bool(std::int64_t layer)>& by_index);

/// Every layer has the window that config.json sets, if it sets one.
void slide_everywhere(Decoder& decoder, const Config& config);

/// All layers slide but every sliding_window_pattern-th, `usual_pattern` where config.json is
/// silent.
void slide_between(Decoder& decoder, const Config& config, std::int64_t usual_pattern);

/// Gives every layer what `make` makes for its type, "full_attention" or "sliding_attention". The
/// section of rope_parameters for a type that no layer has does not matter.
void rotate_by_type(Decoder& decoder, const Config& config,
                    const std::function<Rope(std::string_view layer_type)>& make);

/// Qwen's rule: nothing slides unless use_sliding_window; without layer_types the layers from
/// max_window_layers on do.
void slide_as_qwen(Decoder& decoder, const Config& config);

/// For models whose code has no windows, whatever config.json says of them.
void ignore_windows(const Config& config);

}  // namespace ovbake
