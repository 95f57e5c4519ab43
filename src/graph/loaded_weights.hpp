// Weights of a graph that is run: f32 constants, read from the checkpoint when they are asked for.
#pragma once

#include "compression/plan.hpp"
#include "graph/weights.hpp"
#include "source/checkpoint.hpp"

namespace ovbake {

/// Values are those that the plan would compress: rounded to the dtype in which the exporter loads
/// the model. A graph holds all of its weights in memory, so it should be one of few layers.
class LoadedWeights final : public Weights {
 public:
  LoadedWeights(const CompressionPlan& plan, const Checkpoint& checkpoint)
      : plan_(plan), checkpoint_(checkpoint) {}

 private:
  Value make_value(const TensorRef& tensor) override;

  const CompressionPlan& plan_;
  const Checkpoint& checkpoint_;
};

}  // namespace ovbake
