// Which constants of a graph are compressed weights, and how they are stored.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "inspect/npu_rules.hpp"
#include "reader/ir_reader.hpp"

namespace ovbake {

/// Collects the layers and edges of a graph; what is a weight is known once all have been added.
class WeightGroups {
 public:
  void add(const IrLayer& layer);
  void add(const IrEdge& edge);

  /// Of a Const layer of the graph itself; nothing where it is no compressed weight. The element
  /// type is the constant's own text.
  std::optional<WeightStorage> storage(const std::string& layer_id,
                                       const IrConstant& constant) const;

 private:
  struct Consumer {
    std::string layer, port;
  };

  std::unordered_map<std::string, std::string> types_;   ///< By layer id.
  std::unordered_map<std::string, Consumer> consumers_;  ///< The first one, by layer id.
};

}  // namespace ovbake
