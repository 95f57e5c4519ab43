// Norms over the last axis.
#pragma once

#include "architecture/description/tensor.hpp"

namespace ovbake {

/// y = x / sqrt(mean(x²) + eps) · (weight + weight_offset)
struct RmsNorm {
  std::optional<TensorRef> weight;
  double eps;
  float weight_offset = 0;

  auto parts() const { return std::tie(weight, eps, weight_offset); }
};

/// y = (x − mean(x)) / sqrt(var(x) + eps) · (weight + weight_offset) + bias
struct LayerNorm {
  std::optional<TensorRef> weight;
  std::optional<TensorRef> bias;
  double eps;
  float weight_offset = 0;

  auto parts() const { return std::tie(weight, bias, eps, weight_offset); }
};

/// A LayerNorm without bias for each head of [..., heads, head_dim].
struct HeadNorms {
  std::vector<TensorRef> weights;
  double eps;

  auto parts() const { return std::tie(weights, eps); }
};

using Norm = std::variant<RmsNorm, LayerNorm, HeadNorms>;

}  // namespace ovbake
