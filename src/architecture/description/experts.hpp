// Mixtures of experts: a router that chooses, and experts that compute.
#pragma once

#include "architecture/description/activation.hpp"
#include "architecture/description/norm.hpp"

namespace ovbake {

/// Experts are chosen only from the topk_group groups whose `best` best scores have the largest
/// sum.
struct ExpertGroups {
  std::int64_t n_group, topk_group;
  std::int64_t best;

  auto parts() const { return std::tie(n_group, topk_group, best); }
};

/// What the scores of chosen experts are divided by: max(sum + eps, least).
struct ScoreSum {
  double eps = 0;
  double least = 0;

  auto parts() const { return std::tie(eps, least); }
};

/// Chooses the top_k experts with the largest scores; their scores become their weights.
struct TopKRouter {
  /// How gate(x) becomes scores.
  enum class Scoring { softmax, sigmoid, softmax_of_chosen };

  Linear gate;
  Scoring scoring;
  std::int64_t top_k;
  std::optional<TensorRef> correction_bias;  ///< Added to the scores for the choice: [experts].
  std::optional<ExpertGroups> groups;
  std::optional<ScoreSum> divisor;
  double scaling = 1;

  auto parts() const {
    return std::tie(gate, scoring, correction_bias, groups, top_k, divisor, scaling);
  }
};

/// Phi's choice of the best two: the weight of each is its share of the softmax of scores s that
/// are not far below it, (best − s) / max(|s|, best) ≤ 2 · jitter_eps, those before it left out.
struct SparseMixer {
  Linear gate;
  double jitter_eps;

  auto parts() const { return std::tie(gate, jitter_eps); }
};

/// Chooses the expert with the largest score s, which reads a token times sigmoid(s).
struct InputScalingRouter {
  Linear gate;

  auto parts() const { return std::tie(gate); }
};

/// `choice` reads norm(x) · scaling, each expert's weight is multiplied by a scale of its own, and
/// experts read tokens_norm(x).
struct NormedRouter {
  Norm norm;
  double scaling;
  TopKRouter choice;
  TensorRef per_expert_scale;  ///< [experts]
  Norm tokens_norm;

  auto parts() const { return std::tie(norm, scaling, choice, per_expert_scale, tokens_norm); }
};

using Router = std::variant<TopKRouter, SparseMixer, InputScalingRouter, NormedRouter>;

/// The projection that yields the scores.
const Linear& gate_of(const Router& router);

/// Gated MLPs, their weights stacked: [experts, out_features, in_features].
struct GatedExperts {
  TensorRef gate_proj, up_proj, down_proj;
  Activation hidden_act;

  auto parts() const { return std::tie(gate_proj, hidden_act, up_proj, down_proj); }
};

/// With gate g and up u interleaved in the rows of gate_up_proj, down_proj reads
/// min(g, limit) · sigmoid(alpha · min(g, limit)) · (clamp(u, ±limit) + 1). Biases are
/// [experts, out_features].
struct ClampedExperts {
  TensorRef gate_up_proj, gate_up_bias, down_proj, down_bias;
  double limit;
  double alpha;

  auto parts() const {
    return std::tie(gate_up_proj, gate_up_bias, limit, alpha, down_proj, down_bias);
  }
};

using Experts = std::variant<GatedExperts, ClampedExperts>;

}  // namespace ovbake
