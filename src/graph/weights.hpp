// "Give me this weight as an output": all that the blocks know of where weights come from.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "architecture/description/decoder.hpp"
#include "graph/ops.hpp"

namespace ovbake {

/// The weights of one graph.
class Weights {
 public:
  virtual ~Weights() = default;

  /// The tensor as f32, in the shape that its description has. Asking twice gives the same node, so
  /// tied weights share one decode subgraph.
  Value operator()(const TensorRef& tensor);

  /// What the input of the projection is multiplied by, f32 [matrices, 1, in_features]; nothing
  /// where AWQ asks for no such thing.
  virtual std::optional<Value> awq_factors(const TensorRef& /*weight*/) { return std::nullopt; }

 private:
  virtual Value make_value(const TensorRef& tensor) = 0;

  std::map<std::string, Value> made_;
};

}  // namespace ovbake
