#include "graph/weights.hpp"

namespace ovbake {

Value Weights::operator()(const TensorRef& tensor) {
  const auto [entry, is_new] = made_.try_emplace(tensor.name);
  if (is_new) entry->second = make_value(tensor);
  return entry->second;
}

}  // namespace ovbake
