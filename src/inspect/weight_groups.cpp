#include "inspect/weight_groups.hpp"

#include "reader/element_types.hpp"

namespace ovbake {

void WeightGroups::add(const IrLayer& layer) {
  if (layer.depth == 0) types_.emplace(layer.id, layer.type);
}

void WeightGroups::add(const IrEdge& edge) {
  consumers_.try_emplace(std::string(edge.from_layer),
                         Consumer{std::string(edge.to_layer), std::string(edge.to_port)});
}

// A weight goes data → Convert → [Subtract zero point] → Multiply scale → [Reshape] → …; a
// codebook's indices go through Gather first. Scales and zero points come in at port 1.
std::optional<WeightStorage> WeightGroups::storage(const std::string& layer_id,
                                                   const IrConstant& constant) const {
  constexpr int kLongestChain = 8;
  const IrElementType* type = find_element_type(constant.element_type);
  if (type == nullptr || type->type.bits > 8 || type->type.name == "boolean") return {};
  bool scaled = false;
  std::string at = layer_id;
  for (int step = 0; step < kLongestChain; ++step) {
    const auto next = consumers_.find(at);
    if (next == consumers_.end()) break;
    const auto& [layer, port] = next->second;
    const auto found = types_.find(layer);
    const std::string_view kind = found == types_.end() ? std::string_view{} : found->second;
    const bool on_the_way = kind == "Convert" || (kind == "Subtract" && port == "0") ||
                            (kind == "Multiply" && port == "0") ||
                            (kind == "Gather" && port == "1" && !scaled);
    if (scaled && kind == "Reshape" && constant.shape.size() > 2) {
      return WeightStorage{constant.element_type, constant.shape.back()};
    }
    if (!on_the_way) break;
    scaled = scaled || kind == "Multiply";
    at = layer;
  }
  if (!scaled) return {};
  return WeightStorage{.element_type = constant.element_type};
}

}  // namespace ovbake
