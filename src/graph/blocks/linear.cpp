#include <openvino/op/matmul.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {

Value Blocks::linear(const Linear& linear, const Value& x) {
  const std::string name = module_of(linear.weight);
  form_.tap(linear.weight, x);
  const Value product = make<ov::op::v0::MatMul>(x, weights_(linear.weight), false, true);
  if (!linear.bias) return named(product, name);
  return named(make<ov::op::v1::Add>(product, weights_(*linear.bias)), name);
}

}  // namespace ovbake
