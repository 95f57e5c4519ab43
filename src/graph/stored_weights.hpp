// Weights of a graph that is written: constants at the offsets that the plan gave them.
#pragma once

#include "compression/plan.hpp"
#include "graph/weights.hpp"

namespace ovbake {

/// Constants have no values yet, so a graph with them is not for running.
class StoredWeights final : public Weights {
 public:
  explicit StoredWeights(const CompressionPlan& plan) : plan_(plan) {}

  std::optional<Value> awq_factors(const TensorRef& weight) override;

 private:
  Value make_value(const TensorRef& tensor) override;

  const CompressionPlan& plan_;
};

}  // namespace ovbake
