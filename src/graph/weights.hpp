// "Give me this weight as an output": all that the blocks know of compression.
#pragma once

#include <map>
#include <optional>
#include <string>

#include <openvino/core/node.hpp>

#include "architecture/decoder.hpp"
#include "compression/plan.hpp"

namespace ovbake {

/// The weights of one graph. Asking twice for a tensor gives the same node, so tied weights share
/// one decode subgraph.
class Weights {
 public:
  explicit Weights(const CompressionPlan& plan) : plan_(plan) {}

  /// The tensor as f32, in the shape that it has in the checkpoint.
  ov::Output<ov::Node> operator()(const TensorRef& tensor);

  /// What the input of the projection is multiplied by, f32 [matrices, 1, in_features]; nothing
  /// where AWQ asks for no such thing.
  std::optional<ov::Output<ov::Node>> awq_factors(const TensorRef& weight);

 private:
  const CompressionPlan& plan_;
  std::map<std::string, ov::Output<ov::Node>> made_;
};

}  // namespace ovbake
