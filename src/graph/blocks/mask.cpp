#include <openvino/op/convert.hpp>
#include <openvino/op/select.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

constexpr float kLeastHalf = -65504;

}  // namespace

Value Blocks::mask(const Attention& attention) {
  const std::vector<float> slopes =
      attention.alibi ? attention.alibi->slopes : std::vector<float>{};
  const auto [entry, is_new] = masks_.try_emplace({attention.sliding_window, slopes});
  if (!is_new) return entry->second;

  Value mask = make<ov::op::v1::Select>(form_.visible(attention.sliding_window), scalar_f32(0),
                                        scalar_f32(kLeastHalf));
  if (attention.alibi) {
    const Value slope =
        ov::op::v0::Constant::create(ov::element::f32, {1, slopes.size(), 1, 1}, slopes);
    const Value position = make<ov::op::v0::Convert>(form_.key_positions(), ov::element::f32);
    const Value bias = make<ov::op::v1::Multiply>(slope, unsqueeze(unsqueeze(position, 1), 1));
    mask = make<ov::op::v1::Add>(mask, bias);
  }
  entry->second = mask;
  return mask;
}

}  // namespace ovbake
