#include "graph/weights.hpp"

#include "graph/stored_constant.hpp"

namespace ovbake {

ov::Output<ov::Node> Weights::operator()(const TensorRef& tensor) {
  const auto [entry, is_new] = made_.try_emplace(tensor.name);
  if (is_new) {
    const PlannedTensor& planned = plan_.at(tensor.name);
    ov::OutputVector constants;
    for (const PlannedConstant& constant : planned.constants) {
      const auto stored = std::make_shared<StoredConstant>(
          ov::element::Type(std::string(constant.type.name)),
          ov::Shape(constant.shape.begin(), constant.shape.end()), constant.offset, constant.bytes);
      stored->set_friendly_name(constant.name);
      constants.push_back(stored);
    }
    entry->second = planned.format->decode(planned.weight, constants, tensor.name);
  }
  return entry->second;
}

}  // namespace ovbake
