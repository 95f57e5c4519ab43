#include <openvino/op/divide.hpp>
#include <openvino/op/mvn.hpp>
#include <openvino/op/power.hpp>
#include <openvino/op/reduce_mean.hpp>
#include <openvino/op/sqrt.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

/// value + offset; value itself where the offset is 0.
Value shifted(const Value& value, float offset) {
  return offset == 0 ? value : make<ov::op::v1::Add>(value, scalar_f32(offset));
}

/// (x − mean(x)) / sqrt(var(x) + eps)
Value centred(const Value& x, double eps) {
  return make<ov::op::v6::MVN>(x, vector_i64({-1}), true, static_cast<float>(eps),
                               ov::op::MVNEpsMode::INSIDE_SQRT);
}

}  // namespace

Value Blocks::norm(const std::optional<Norm>& optional, const Value& x) {
  return optional ? norm(*optional, x) : x;
}

Value Blocks::norm(const Norm& norm, const Value& x) {
  return std::visit([&](const auto& kind) { return apply(kind, x); }, norm);
}

Value Blocks::apply(const RmsNorm& norm, const Value& x) {
  const Value square = make<ov::op::v1::Power>(x, scalar_f32(2));
  const Value mean = make<ov::op::v1::ReduceMean>(square, vector_i64({-1}), true);
  const Value deviation =
      make<ov::op::v0::Sqrt>(make<ov::op::v1::Add>(mean, scalar_f32(static_cast<float>(norm.eps))));
  Value unit = make<ov::op::v1::Multiply>(x, make<ov::op::v1::Divide>(scalar_f32(1), deviation));
  if (!norm.weight) return unit;
  return named(
      make<ov::op::v1::Multiply>(unit, shifted(weights_(*norm.weight), norm.weight_offset)),
      module_of(*norm.weight));
}

Value Blocks::apply(const LayerNorm& norm, const Value& x) {
  Value result = centred(x, norm.eps);
  if (!norm.weight) return result;
  result = make<ov::op::v1::Multiply>(result, shifted(weights_(*norm.weight), norm.weight_offset));
  if (norm.bias) result = make<ov::op::v1::Add>(result, weights_(*norm.bias));
  return named(result, module_of(*norm.weight));
}

Value Blocks::apply(const HeadNorms& norm, const Value& x) {
  ov::OutputVector weights;
  for (const TensorRef& weight : norm.weights) weights.push_back(unsqueeze(weights_(weight), 0));
  return make<ov::op::v1::Multiply>(centred(x, norm.eps), concat(weights, 0));
}

}  // namespace ovbake
