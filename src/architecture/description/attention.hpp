// Scaled dot-product attention.
#pragma once

#include "architecture/description/positions.hpp"
#include "architecture/description/projections.hpp"
#include "architecture/description/state.hpp"

namespace ovbake {

/// Norms of queries, keys and values.
struct QueryKeyNorm {
  enum class Scope {
    head,        ///< Over each head, before it is rotated.
    projection,  ///< Over all heads at once, before they are split.
    turned_head  ///< Over each head, once it is rotated.
  };

  std::optional<Norm> q_norm, k_norm, v_norm;
  Scope scope = Scope::head;

  auto parts() const { return std::tie(q_norm, k_norm, v_norm, scope); }
};

/// Queries are multiplied by 1 + beta · log(1 + floor((position + offset) / length)).
struct SteppedQueryScale {
  double beta;
  std::int64_t length;
  std::int64_t offset = 0;

  auto parts() const { return std::tie(beta, length, offset); }
};

/// Queries beyond the trained length are multiplied by log(position + 1) / log(trained_length).
struct LogarithmicQueryScale {
  std::int64_t trained_length;

  auto parts() const { return std::tie(trained_length); }
};

using QueryScale = std::variant<SteppedQueryScale, LogarithmicQueryScale>;

/// A query sees itself and the size − 1 positions before it.
struct SlidingWindow {
  std::int64_t size;

  auto parts() const { return std::tie(size); }
  friend auto operator<=>(const SlidingWindow&, const SlidingWindow&) = default;
};

/// Positions are cut into chunks of `size`, and a query sees its own chunk only.
struct AttentionChunk {
  std::int64_t size;

  auto parts() const { return std::tie(size); }
  friend auto operator<=>(const AttentionChunk&, const AttentionChunk&) = default;
};

using Window = std::variant<SlidingWindow, AttentionChunk>;

/// Scaled dot-product attention with grouped heads and a KV cache.
struct Attention {
  std::int64_t num_attention_heads;
  std::int64_t num_key_value_heads;
  std::int64_t head_dim;    ///< Width of a head of queries and keys.
  std::int64_t v_head_dim;  ///< Width of a head of values.
  double scaling;           ///< Factor of the scores, usually head_dim^-0.5.
  Projections projections;
  /// Queries, keys and values are clamped to [-clip_qkv, clip_qkv], after a norm of
  /// Scope::projection.
  std::optional<double> clip_qkv;
  std::optional<Norm> sub_norm;       ///< Normalizes what o_proj reads.
  std::optional<Linear> output_gate;  ///< What o_proj reads is multiplied by sigmoid(gate(x)).
  Linear o_proj;
  /// A score a head, [heads], that takes part in the softmax and has no value.
  std::optional<TensorRef> sinks;
  std::optional<QueryKeyNorm> qk_norm;
  std::optional<Rope> rope;  ///< Rotates queries and keys.
  std::optional<QueryScale> query_scale;
  std::optional<PositionBias> position_bias;  ///< Added to the scores.
  std::optional<Window> window;               ///< Hides positions from a query.
  std::optional<double> logit_softcapping;    ///< Scores s become cap · tanh(s / cap).

  auto parts() const {
    return std::tie(num_attention_heads, num_key_value_heads, head_dim, v_head_dim, projections,
                    clip_qkv, qk_norm, rope, query_scale, scaling, logit_softcapping, position_bias,
                    window, sinks, sub_norm, output_gate, o_proj);
  }
  /// Keys, then values; nothing where they are borrowed.
  std::vector<State> states() const;
};

}  // namespace ovbake
