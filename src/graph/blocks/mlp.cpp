#include <openvino/op/gelu.hpp>
#include <openvino/op/relu.hpp>
#include <openvino/op/swish.hpp>

#include "graph/blocks/activation.hpp"
#include "graph/blocks/blocks.hpp"

namespace ovbake {

Value activate(Activation activation, const Value& x) {
  switch (activation) {
    case Activation::silu:
      return make<ov::op::v4::Swish>(x);
    case Activation::gelu:
      return make<ov::op::v7::Gelu>(x, ov::op::GeluApproximationMode::ERF);
    case Activation::gelu_tanh:
      return make<ov::op::v7::Gelu>(x, ov::op::GeluApproximationMode::TANH);
    case Activation::relu:
      return make<ov::op::v0::Relu>(x);
    case Activation::relu_squared: {
      const Value positive = make<ov::op::v0::Relu>(x);
      return make<ov::op::v1::Multiply>(positive, positive);
    }
  }
  throw std::logic_error("unknown activation");
}

Value Blocks::evened(const TensorRef& down_proj, const Value& activated) {
  const auto factors = weights_.awq_factors(down_proj);
  return factors ? make<ov::op::v1::Multiply>(activated, *factors) : activated;
}

Value Blocks::mlp(const GatedMlp& mlp, const Value& x) {
  const Value gate =
      evened(mlp.down_proj.weight, activate(mlp.hidden_act, linear(mlp.gate_proj, x)));
  const Value product = make<ov::op::v1::Multiply>(gate, linear(mlp.up_proj, x));
  return linear(mlp.down_proj, norm(mlp.sub_norm, product));
}

Value Blocks::mlp(const FusedGatedMlp& mlp, const Value& x) {
  const std::int64_t inner = mlp.gate_up_proj.out_features() / 2;
  const Value both = linear(mlp.gate_up_proj, x);
  const Value gate =
      evened(mlp.down_proj.weight, activate(mlp.hidden_act, slice(both, 0, inner, 2)));
  const Value up = slice(both, inner, 2 * inner, 2);
  return linear(mlp.down_proj, make<ov::op::v1::Multiply>(gate, up));
}

Value Blocks::mlp(const PlainMlp& mlp, const Value& x) {
  const Value activated = activate(mlp.hidden_act, linear(mlp.up_proj, x));
  return linear(mlp.down_proj, evened(mlp.down_proj.weight, activated));
}

}  // namespace ovbake
