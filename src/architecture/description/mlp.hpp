// What works on each position alone.
#pragma once

#include "architecture/description/experts.hpp"

namespace ovbake {

/// down_proj(sub_norm(activation(gate_proj(x)) · up_proj(x)))
struct GatedMlp {
  Linear gate_proj, up_proj, down_proj;
  Activation hidden_act;
  std::optional<Norm> sub_norm;

  auto parts() const { return std::tie(gate_proj, hidden_act, up_proj, sub_norm, down_proj); }
};

/// down_proj(activation(gate) · up), gate and up being the first and second half of gate_up_proj(x)
struct FusedGatedMlp {
  Linear gate_up_proj, down_proj;
  Activation hidden_act;

  auto parts() const { return std::tie(gate_up_proj, hidden_act, down_proj); }
};

/// down_proj(activation(up_proj(x)))
struct PlainMlp {
  Linear up_proj, down_proj;
  Activation hidden_act;

  auto parts() const { return std::tie(up_proj, hidden_act, down_proj); }
};

/// down_proj(xielu(up_proj(x))), where xielu(x) is
/// softplus(alpha_p) · x² + beta · x for x > 0, and for other x
/// (beta + softplus(alpha_n)) · (exp(min(x, eps)) − 1 − x) + beta · x
struct XieluMlp {
  Linear up_proj, down_proj;
  TensorRef alpha_p, alpha_n, beta, eps;

  auto parts() const { return std::tie(up_proj, alpha_p, alpha_n, beta, eps, down_proj); }
};

/// An MLP that sees every token, times sigmoid(gate(x)) where it has a gate.
struct SharedExpert {
  std::variant<GatedMlp, FusedGatedMlp> mlp;
  std::optional<Linear> gate;

  auto parts() const { return std::tie(mlp, gate); }
};

struct MixtureOfExperts {
  Router router;
  Experts experts;
  std::optional<SharedExpert> shared_expert;

  auto parts() const { return std::tie(router, experts, shared_expert); }
};

/// mlp_output_norm(mlp(mlp_norm(x))) + experts_output_norm(experts(x))
struct MlpBesideExperts {
  Norm mlp_norm;
  GatedMlp mlp;
  Norm mlp_output_norm;
  MixtureOfExperts experts;
  Norm experts_output_norm;

  auto parts() const {
    return std::tie(mlp_norm, mlp, mlp_output_norm, experts, experts_output_norm);
  }
};

using Mlp = std::variant<GatedMlp, FusedGatedMlp, PlainMlp, XieluMlp, MixtureOfExperts,
                         MlpBesideExperts, Linear>;

}  // namespace ovbake
