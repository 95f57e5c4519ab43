// Which layers of a model are of which kind, where config.json lists it layer by layer.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "source/config.hpp"

namespace ovbake {

/// Throws an input error where the list `key` of config.json has not as many entries as layers.
void require_one_each(const Config& config, std::string_view key, std::size_t entries,
                      std::size_t layers);

/// The layers for which the list `key` of config.json has `entry` or, where there is no such list,
/// those for which `by_index` is true.
std::vector<bool> layers_listed_as(const Config& config, std::string_view key,
                                   std::string_view entry, std::size_t layers,
                                   const std::function<bool(std::int64_t layer)>& by_index);

/// The layers that layer_types calls `type` or, where there is no layer_types, those for which
/// `by_index` is true.
std::vector<bool> layers_of_type(const Config& config, std::string_view type, std::size_t layers,
                                 const std::function<bool(std::int64_t layer)>& by_index);

/// Those that turn heads: what no_rope_layers has another number than 0 for or, where it is silent,
/// all but every no_rope_layer_interval-th.
std::vector<bool> rotary_layers(const Config& config, std::size_t layers);

}  // namespace ovbake
