#include <openvino/op/select.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

constexpr float kLeastHalf = -65504;

}  // namespace

Value Blocks::mask(std::optional<std::int64_t> sliding_window) {
  const auto [entry, is_new] = masks_.try_emplace(sliding_window);
  if (is_new) {
    entry->second = make<ov::op::v1::Select>(form_.visible(sliding_window), scalar_f32(0),
                                             scalar_f32(kLeastHalf));
  }
  return entry->second;
}

}  // namespace ovbake
