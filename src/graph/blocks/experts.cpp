// Mixtures of experts, in the form that the plug-ins fuse so that only chosen experts are computed:
// all experts see all tokens, and what they make is multiplied by weights that are mostly 0.
#include <openvino/op/clamp.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/op/minimum.hpp>
#include <openvino/op/reduce_sum.hpp>
#include <openvino/op/reshape.hpp>
#include <openvino/op/sigmoid.hpp>
#include <openvino/op/swish.hpp>
#include <openvino/op/tile.hpp>

#include "graph/blocks/activation.hpp"
#include "graph/blocks/blocks.hpp"

namespace ovbake {

namespace {

/// f32 [tokens, hidden] → [experts, tokens, hidden]
Value for_all_experts(const Value& tokens, const Shape& weight) {
  const Value tiled = make<ov::op::v0::Tile>(tokens, vector_i64({weight[0], 1}));
  return reshape(tiled, {weight[0], -1, weight[2]});
}

}  // namespace

Value Blocks::product(const TensorRef& weight, const Value& x) {
  return named(make<ov::op::v0::MatMul>(x, weights_(weight), false, true), module_of(weight));
}

Value Blocks::run(const GatedExperts& experts, const Value& tokens) {
  const Value x = for_all_experts(tokens, experts.gate_proj.shape);
  form_.tap(experts.gate_proj, tokens);
  form_.tap(experts.up_proj, tokens);
  const Value gate = activate(experts.hidden_act, product(experts.gate_proj, x));
  const Value up = product(experts.up_proj, x);
  const Value inner = make<ov::op::v1::Multiply>(gate, up);
  form_.tap(experts.down_proj, inner);
  return product(experts.down_proj, inner);
}

Value Blocks::run(const ClampedExperts& experts, const Value& tokens) {
  const auto limit = static_cast<float>(experts.limit);
  const auto biased = [&](const Value& made, const TensorRef& bias) {
    return make<ov::op::v1::Add>(made, unsqueeze(weights_(bias), 1));
  };
  const Value x = for_all_experts(tokens, experts.gate_up_proj.shape);
  form_.tap(experts.gate_up_proj, tokens);
  const Value both = biased(product(experts.gate_up_proj, x), experts.gate_up_bias);
  const Value up = make<ov::op::v1::Add>(
      make<ov::op::v0::Clamp>(every_second(both, 1, 2), -experts.limit, experts.limit),
      scalar_f32(1));
  const Value gate = make<ov::op::v4::Swish>(
      make<ov::op::v1::Minimum>(every_second(both, 0, 2), scalar_f32(limit)),
      scalar_f32(static_cast<float>(experts.alpha)));
  const Value inner = make<ov::op::v1::Multiply>(up, evened(experts.down_proj, gate));
  form_.tap(experts.down_proj, inner);
  return biased(product(experts.down_proj, inner), experts.down_bias);
}

Value Blocks::mlp(const MixtureOfExperts& moe, const Value& x) {
  const Shape& gate = gate_of(moe.router).weight.shape;
  const std::int64_t count = gate[0];
  const std::int64_t hidden_size = gate[1];
  const Value tokens = reshape(x, {-1, hidden_size});
  const Routing routing =
      std::visit([&](const auto& kind) { return route(kind, tokens); }, moe.router);

  const Value batch = dimension(x, 0);
  const Value made = make<ov::op::v1::Reshape>(
      std::visit([&](const auto& kind) { return run(kind, routing.tokens); }, moe.experts),
      concat({vector_i64({count}), batch, vector_i64({-1, hidden_size})}, 0), false);
  const Value weights =
      make<ov::op::v1::Reshape>(transpose(dense(routing.weights, routing.experts, count), {1, 0}),
                                concat({vector_i64({count}), batch, vector_i64({-1})}, 0), false);
  const Value weighed = make<ov::op::v1::Multiply>(made, unsqueeze(weights, -1));
  Value result = make<ov::op::v1::ReduceSum>(weighed, vector_i64({0}), false);

  if (const auto& shared = moe.shared_expert) {
    Value also = std::visit([&](const auto& kind) { return mlp(kind, x); }, shared->mlp);
    if (shared->gate) {
      also = make<ov::op::v1::Multiply>(make<ov::op::v0::Sigmoid>(linear(*shared->gate, x)), also);
    }
    result = make<ov::op::v1::Add>(result, also);
  }
  return result;
}

Value Blocks::mlp(const MlpBesideExperts& both, const Value& x) {
  const Value dense = norm(both.mlp_output_norm, mlp(both.mlp, norm(both.mlp_norm, x)));
  return make<ov::op::v1::Add>(dense, norm(both.experts_output_norm, mlp(both.experts, x)));
}

}  // namespace ovbake
