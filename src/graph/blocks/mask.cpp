#include "graph/blocks/blocks.hpp"

namespace ovbake {

Value Blocks::mask(const std::optional<Window>& window) {
  const auto [entry, is_new] = masks_.try_emplace(window);
  if (is_new) entry->second = form_.mask(window);
  return entry->second;
}

}  // namespace ovbake
