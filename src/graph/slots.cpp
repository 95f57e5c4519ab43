#include "graph/slots.hpp"

#include <algorithm>
#include <map>

namespace ovbake {

std::vector<std::vector<Slot>> slots(const Decoder& decoder) {
  std::vector<std::vector<State>> kept;
  bool is_hybrid = false;
  for (const DecoderLayer& layer : decoder.layers) {
    kept.push_back(layer.mixer ? states(layer.mixer->body) : std::vector<State>{});
    is_hybrid = is_hybrid || std::ranges::any_of(kept.back(), [](const State& state) {
                  return !grows(state.kind);
                });
  }
  std::vector<std::vector<Slot>> result(kept.size());
  std::map<StateKind, std::size_t> count;
  for (std::size_t layer = 0; layer < kept.size(); ++layer) {
    for (const State& state : kept[layer]) {
      result[layer].push_back({state, is_hybrid ? hybrid_names(state.kind, count[state.kind]++)
                                                : cache_names(state.kind, layer)});
    }
  }
  return result;
}

}  // namespace ovbake
