#include <openvino/op/convert.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/logical_not.hpp>
#include <openvino/op/select.hpp>
#include <openvino/op/subtract.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

/// [batch, total] → [batch, 1, 1, total]
Value as_keys(const Value& x) { return unsqueeze(unsqueeze(x, 1), 1); }

Value constant(const ov::Shape& shape, const std::vector<float>& values) {
  return ov::op::v0::Constant::create(ov::element::f32, shape, values);
}

/// steps [batch, heads or 1, query or 1, total], each worth a slope [heads].
Value times_slopes(const Value& steps, const std::vector<float>& slopes) {
  return make<ov::op::v1::Multiply>(constant({1, slopes.size(), 1, 1}, slopes), steps);
}

Value bias_of(const Alibi& alibi, const Form& form) {
  const Value query = unsqueeze(unsqueeze(form.position_ids(), 1), 3);
  const Value distance = make<ov::op::v1::Subtract>(as_keys(form.key_positions()), query);
  return times_slopes(make<ov::op::v0::Convert>(distance, ov::element::f32), alibi.slopes);
}

Value bias_of(const TabulatedBias& tabulated, const Form& form) {
  const std::size_t heads = tabulated.slopes.size();
  const Value table = constant({tabulated.steps.size() / heads, heads}, tabulated.steps);
  const Value rows = make<ov::op::v8::Gather>(table, form.key_positions(), scalar_i64(0));
  return times_slopes(unsqueeze(transpose(rows, {0, 2, 1}), 2), tabulated.slopes);
}

/// In the order of operations by which OpenVINO's paged attention knows slopes: it leaves out every
/// other bias.
Value where_visible(const Value& visible, const Value& bias) {
  const Value as_it_is = reshape(reshape(bias, {0, 0, 0, 0}), {0, 0, 0, 0});
  return make<ov::op::v1::Select>(make<ov::op::v1::LogicalNot>(visible), scalar_f32(kLeastScore),
                                  as_it_is);
}

}  // namespace

Value Blocks::score_bias(const Attention& attention) {
  if (!attention.position_bias) return mask(attention.window);
  const std::pair key(attention.window, *attention.position_bias);
  for (const auto& [known, bias] : score_biases_) {
    if (known == key) return bias;
  }
  const Value bias = std::visit([&](const auto& kind) { return bias_of(kind, form_); }, key.second);
  score_biases_.emplace_back(key, where_visible(form_.visible(key.first), bias));
  return score_biases_.back().second;
}

}  // namespace ovbake
