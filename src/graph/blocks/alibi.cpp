#include <openvino/op/convert.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/subtract.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

/// [batch, total] → [batch, 1, 1, total]
Value as_keys(const Value& x) { return unsqueeze(unsqueeze(x, 1), 1); }

Value constant(const ov::Shape& shape, const std::vector<float>& values) {
  return ov::op::v0::Constant::create(ov::element::f32, shape, values);
}

Value bias_of(const Alibi& alibi, const Form& form) {
  const Value query = unsqueeze(unsqueeze(form.position_ids(), 1), 3);
  const Value distance = make<ov::op::v1::Subtract>(as_keys(form.key_positions()), query);
  return make<ov::op::v1::Multiply>(make<ov::op::v0::Convert>(distance, ov::element::f32),
                                    constant({1, alibi.slopes.size(), 1, 1}, alibi.slopes));
}

Value bias_of(const TabulatedBias& tabulated, const Form& form) {
  const auto heads = static_cast<std::size_t>(tabulated.heads);
  const Value table = constant({tabulated.table.size() / heads, heads}, tabulated.table);
  const Value rows = make<ov::op::v8::Gather>(table, form.key_positions(), scalar_i64(0));
  return unsqueeze(transpose(rows, {0, 2, 1}), 2);
}

}  // namespace

Value Blocks::score_bias(const Attention& attention) {
  Value seen = mask(attention.sliding_window);
  if (!attention.position_bias) return seen;
  const std::pair key(attention.sliding_window, *attention.position_bias);
  for (const auto& [known, bias] : score_biases_) {
    if (known == key) return bias;
  }
  const Value bias = std::visit([&](const auto& kind) { return bias_of(kind, form_); }, key.second);
  score_biases_.emplace_back(key, make<ov::op::v1::Add>(bias, seen));
  return score_biases_.back().second;
}

}  // namespace ovbake
