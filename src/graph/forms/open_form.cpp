#include "graph/forms/open_form.hpp"

#include <openvino/op/bitwise_and.hpp>
#include <openvino/op/broadcast.hpp>
#include <openvino/op/less_eq.hpp>
#include <openvino/op/select.hpp>
#include <openvino/op/slice.hpp>
#include <openvino/op/subtract.hpp>

namespace ovbake {

std::optional<Value> OpenForm::causal() const {
  const Value query = dimension(tokens(), 1);
  const Value total = dimension(attention_mask(), 1);
  const Value first = make<ov::op::v1::Subtract>(total, query);
  const Value key = range(vector_i64({0}), total);
  return make<ov::op::v1::LessEqual>(key, unsqueeze(range(first, total), 1));
}

Value OpenForm::mask(const std::optional<Window>& window) const {
  if (!window || std::holds_alternative<AttentionChunk>(*window)) return Form::mask(window);
  const Value always = ov::op::v0::Constant::create(ov::element::boolean, {}, {true});
  const auto both = [](const Value& a, const Value& b) {
    return make<ov::op::v13::BitwiseAnd>(a, b);
  };
  const Value windowed = both(both(always, in_window(*window)), causal().value());
  const Value total = dimension(attention_mask(), 1);
  const Value shape =
      concat({dimension(tokens(), 0), vector_i64({1}), dimension(tokens(), 1), total}, 0);
  const Value seen = make<ov::op::v3::Broadcast>(both(both(always, windowed), present()), shape);
  const Value mask = make<ov::op::v1::Select>(seen, scalar_f32(0), scalar_f32(kLeastScore));
  return make<ov::op::v8::Slice>(mask, vector_i64({0}), total, vector_i64({1}), vector_i64({-1}));
}

}  // namespace ovbake
