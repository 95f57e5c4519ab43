// Tensors of a checkpoint, and the projections that they make.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "architecture/description/parts.hpp"
#include "base/shape.hpp"

namespace ovbake {

/// What a tensor is used for, which decides its weight format.
enum class Role {
  embedding,   ///< Rows are looked up.
  projection,  ///< Multiplied with activations.
  lm_head,     ///< The projection onto the vocabulary.
  vector,      ///< Norms, biases and other small parameters: stays in full precision.
};

/// How a checkpoint may store the matrices of a stack.
struct StackLayout {
  std::string name;            ///< Where each is a tensor of its own, "*" stands for its number.
  std::int64_t first_row = 0;  ///< Index, within a stored matrix, of this stack's first row.
  /// Rows of a stored matrix: more than the stack's where those of other stacks are fused to them.
  std::optional<std::int64_t> all_rows{};
  bool transposed = false;  ///< Stored matrices are [columns, rows].

  bool is_numbered() const { return name.find('*') != std::string::npos; }
  std::string name_of(std::int64_t matrix) const;
  auto parts() const { return std::tie(name, first_row, all_rows, transposed); }
};

/// A tensor that the model needs from its checkpoint.
struct TensorRef {
  std::string name;
  Shape shape;
  Role role;
  bool transposed = false;  ///< The checkpoint stores [shape[1], shape[0]].
  bool unit_rows = false;   ///< Each row is divided by its length when it is read.
  /// The layouts that a stack of matrices, [matrices, rows, columns], may have; empty for others.
  std::vector<StackLayout> layouts{};

  Shape stored_shape() const;
  auto parts() const { return std::tie(name, shape, role, transposed, unit_rows, layouts); }
};

/// y = x · weightᵀ + bias, weight [out_features, in_features].
struct Linear {
  TensorRef weight;
  std::optional<TensorRef> bias;

  std::int64_t out_features() const { return weight.shape[0]; }
  auto parts() const { return std::tie(weight, bias); }
};

}  // namespace ovbake
