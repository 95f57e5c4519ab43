// The names under which a graph keeps keys, values and other states. They are optimum-intel's;
// libopenvino, the NPU plug-in and GenAI tell states apart by them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ovbake {

enum class StateKind {
  key,    ///< Keys, a row for each token.
  value,  ///< Values, a row for each token.
  conv,   ///< The last inputs of a convolution.
  ssm,    ///< A recurrent state.
};

/// Whether it has a row for each token; others have one size.
bool grows(StateKind kind);

/// A state as an input and as an output of a graph.
struct StateNames {
  StateKind kind;
  std::string past;     ///< "past_key_values.3.key" or "cache_params.past.ssm.0"
  std::string present;  ///< "present.3.key" or "cache_params.present.ssm.0"
};

/// Names of keys and values in a model whose layers keep nothing else.
StateNames cache_names(StateKind kind, std::size_t layer);
/// Names in a model some of whose layers keep other states: `number` counts the layers that keep
/// one of that kind.
StateNames hybrid_names(StateKind kind, std::size_t number);

/// What an input of that name is; nothing where it is no state.
std::optional<StateNames> names_of_input(std::string_view past);

}  // namespace ovbake
