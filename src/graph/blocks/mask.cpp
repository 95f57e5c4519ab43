#include "graph/blocks/blocks.hpp"

namespace ovbake {

Value Blocks::mask(std::optional<std::int64_t> sliding_window) {
  const auto [entry, is_new] = masks_.try_emplace(sliding_window);
  if (is_new) entry->second = form_.mask(sliding_window);
  return entry->second;
}

}  // namespace ovbake
