// Which constants of a graph are compressed weights, and how many of their elements share a scale.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "reader/ir_reader.hpp"

namespace ovbake {

/// Collects the layers and edges of a graph; group sizes are known once all have been added.
class WeightGroups {
 public:
  void add(const IrLayer& layer);
  void add(const IrEdge& edge);

  /// Of a Const layer of the graph itself: elements that share a scale, -1 where a whole row does,
  /// 0 where it is no compressed weight.
  std::int64_t group_size(const std::string& layer_id, const IrConstant& constant) const;

 private:
  struct Consumer {
    std::string layer, port;
  };

  std::unordered_map<std::string, std::string> types_;   ///< By layer id.
  std::unordered_map<std::string, Consumer> consumers_;  ///< The first one, by layer id.
};

}  // namespace ovbake
