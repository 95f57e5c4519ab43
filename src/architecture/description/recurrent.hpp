// Mixers that keep a state of one size, however many tokens they have seen.
#pragma once

#include "architecture/description/activation.hpp"
#include "architecture/description/norm.hpp"
#include "architecture/description/state.hpp"

namespace ovbake {

/// Attention without a softmax: query i yields Σ exp(−slope · (i − j)) · (q_i · k_j) · v_j over the
/// keys and values j ≤ i. Its state is Σ exp(−slope · (i − j)) · k_jᵀ v_j. out_proj reads
/// sigmoid(output_gate(x)) · norm(the output of all heads).
struct LightningAttention {
  std::int64_t num_attention_heads;
  std::int64_t head_dim;
  std::vector<float> slopes;  ///< One a head.
  std::int64_t block_size;    ///< Queries that are computed together; the result is the same.
  Linear qkv_proj;            ///< Yields, for each head, its query, its key, its value.
  Activation hidden_act;      ///< Applied to the output of qkv_proj.
  Norm norm;
  Linear output_gate, out_proj;

  auto parts() const {
    return std::tie(num_attention_heads, head_dim, slopes, block_size, qkv_proj, hidden_act, norm,
                    output_gate, out_proj);
  }
  std::vector<State> states() const;
};

}  // namespace ovbake
