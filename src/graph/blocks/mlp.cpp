#include <openvino/op/swish.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

Value activate(Activation activation, const Value& x) {
  switch (activation) {
    case Activation::silu:
      return make<ov::op::v4::Swish>(x);
  }
  throw std::logic_error("unknown activation");
}

}  // namespace

Value Blocks::mlp(const GatedMlp& mlp, const std::string& name, const Value& x) {
  const Value gate = named(activate(mlp.hidden_act, linear(mlp.gate_proj, x)), name + ".act_fn");
  return linear(mlp.down_proj, make<ov::op::v1::Multiply>(gate, linear(mlp.up_proj, x)));
}

}  // namespace ovbake
