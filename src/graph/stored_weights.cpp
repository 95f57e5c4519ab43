#include "graph/stored_weights.hpp"

#include "graph/stored_constant.hpp"

namespace ovbake {
namespace {

Value stored(const PlannedConstant& constant) {
  const auto node = std::make_shared<StoredConstant>(
      ov::element::Type(std::string(constant.type.name)),
      ov::Shape(constant.shape.begin(), constant.shape.end()), constant.offset, constant.bytes);
  node->set_friendly_name(constant.name);
  return node;
}

}  // namespace

Value StoredWeights::make_value(const TensorRef& tensor) {
  const PlannedTensor& planned = plan_.at(tensor.name);
  ov::OutputVector constants;
  for (const PlannedConstant& constant : planned.constants) {
    if (&constant != planned.awq_factors()) constants.push_back(stored(constant));
  }
  return planned.format->decode(planned.weight, constants, tensor.name);
}

std::optional<Value> StoredWeights::awq_factors(const TensorRef& weight) {
  const PlannedConstant* factors = plan_.at(weight.name).awq_factors();
  return factors == nullptr ? std::nullopt : std::optional(stored(*factors));
}

}  // namespace ovbake
