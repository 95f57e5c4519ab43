// What a mixer keeps of the tokens that it has seen. A description says what is kept; a form of the
// graph says where it lives.
#pragma once

#include "architecture/description/tensor.hpp"
#include "base/state_names.hpp"

namespace ovbake {

/// One tensor that is kept for each sequence.
struct State {
  StateKind kind;
  /// Of one sequence. Keys and values: [heads, head_dim] for each token. A convolution's window:
  /// [channels, kernel size]. A recurrent state: [heads, rows, columns].
  Shape shape;

  auto parts() const { return std::tie(kind, shape); }
};

}  // namespace ovbake
