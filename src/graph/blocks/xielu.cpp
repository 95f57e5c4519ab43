#include <openvino/op/exp.hpp>
#include <openvino/op/greater.hpp>
#include <openvino/op/minimum.hpp>
#include <openvino/op/select.hpp>
#include <openvino/op/softplus.hpp>
#include <openvino/op/subtract.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {

Value Blocks::mlp(const XieluMlp& mlp, const Value& input) {
  const auto softplus = [&](const TensorRef& alpha) {
    return make<ov::op::v4::SoftPlus>(weights_(alpha));
  };
  const Value x = linear(mlp.up_proj, input);
  const Value beta = weights_(mlp.beta);
  const Value square = make<ov::op::v1::Multiply>(x, x);
  const Value above = make<ov::op::v1::Multiply>(square, softplus(mlp.alpha_p));
  const Value exponential = make<ov::op::v0::Exp>(make<ov::op::v1::Minimum>(x, weights_(mlp.eps)));
  const Value curve =
      make<ov::op::v1::Subtract>(make<ov::op::v1::Subtract>(exponential, scalar_f32(1)), x);
  const Value below =
      make<ov::op::v1::Multiply>(curve, make<ov::op::v1::Add>(softplus(mlp.alpha_n), beta));
  const Value bent =
      make<ov::op::v1::Select>(make<ov::op::v1::Greater>(x, scalar_f32(0)), above, below);
  const Value straight = make<ov::op::v1::Multiply>(x, beta);
  return linear(mlp.down_proj, make<ov::op::v1::Add>(bent, straight));
}

}  // namespace ovbake
