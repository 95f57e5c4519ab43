#include "architecture/layer_kinds.hpp"

#include "base/error.hpp"

namespace ovbake {

void require_one_each(const Config& config, std::string_view key, std::size_t entries,
                      std::size_t layers) {
  if (entries == layers) return;
  throw input_error("{}: {} has {} entries for {} layers.", config.where(), key, entries, layers);
}

std::vector<bool> layers_listed_as(const Config& config, std::string_view key,
                                   std::string_view entry, std::size_t layers,
                                   const std::function<bool(std::int64_t layer)>& by_index) {
  std::vector<bool> result(layers);
  if (!config.has(key)) {
    for (std::size_t i = 0; i < layers; ++i) result[i] = by_index(static_cast<std::int64_t>(i));
    return result;
  }
  const std::vector<std::string> entries = config.texts(key);
  require_one_each(config, key, entries.size(), layers);
  for (std::size_t i = 0; i < layers; ++i) result[i] = entries[i] == entry;
  return result;
}

std::vector<bool> layers_of_type(const Config& config, std::string_view type, std::size_t layers,
                                 const std::function<bool(std::int64_t layer)>& by_index) {
  return layers_listed_as(config, "layer_types", type, layers, by_index);
}

std::vector<bool> rotary_layers(const Config& config, std::size_t layers) {
  const auto interval = static_cast<std::size_t>(config.size("no_rope_layer_interval", 4));
  std::vector<bool> result(layers);
  for (std::size_t i = 0; i < layers; ++i) result[i] = (i + 1) % interval != 0;
  if (!config.has("no_rope_layers")) return result;
  const std::vector<std::int64_t> listed = config.integers("no_rope_layers");
  if (listed.empty()) return result;
  require_one_each(config, "no_rope_layers", listed.size(), layers);
  for (std::size_t i = 0; i < layers; ++i) result[i] = listed[i] != 0;
  return result;
}

}  // namespace ovbake
