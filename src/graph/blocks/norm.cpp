#include <openvino/op/divide.hpp>
#include <openvino/op/power.hpp>
#include <openvino/op/reduce_mean.hpp>
#include <openvino/op/sqrt.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {

Value Blocks::rms_norm(const RmsNorm& norm, const Value& x) {
  const Value square = make<ov::op::v1::Power>(x, scalar_f32(2));
  const Value mean = make<ov::op::v1::ReduceMean>(square, vector_i64({-1}), true);
  const Value deviation =
      make<ov::op::v0::Sqrt>(make<ov::op::v1::Add>(mean, scalar_f32(static_cast<float>(norm.eps))));
  const Value unit =
      make<ov::op::v1::Multiply>(x, make<ov::op::v1::Divide>(scalar_f32(1), deviation));
  const std::string name = norm.weight.name.substr(0, norm.weight.name.rfind('.'));
  return named(make<ov::op::v1::Multiply>(unit, weights_(norm.weight)), name);
}

}  // namespace ovbake
