// How attention gets its queries, keys and values.
#pragma once

#include "architecture/description/norm.hpp"

namespace ovbake {

struct SeparateProjections {
  Linear q_proj, k_proj, v_proj;

  auto parts() const { return std::tie(q_proj, k_proj, v_proj); }
};

/// Values are what keys are before their norm and rotation.
struct KeysAsValues {
  Linear q_proj, k_proj;

  auto parts() const { return std::tie(q_proj, k_proj); }
};

/// Keys and values, those of the past too, are those of an earlier layer.
struct BorrowedKeys {
  Linear q_proj;
  std::size_t layer;

  auto parts() const { return std::tie(q_proj, layer); }
};

/// The low-rank queries of latent attention: q_b_proj reads q_a_layernorm(q_a_proj(x)).
struct QueryCompression {
  Linear q_a_proj;
  Norm q_a_layernorm;

  auto parts() const { return std::tie(q_a_proj, q_a_layernorm); }
};

/// Multi-head latent attention: keys, values and, where they are compressed, queries pass through
/// low-rank vectors. A head of queries or keys is a part without positions, then the part that rope
/// rotates, which keys have once for all heads.
struct LatentProjections {
  std::optional<QueryCompression> query_compression;
  Linear q_b_proj;
  Linear kv_a_proj_with_mqa;  ///< The low-rank vector, then the rotated part of keys.
  Norm kv_a_layernorm;        ///< Normalizes the low-rank vector.
  Linear kv_b_proj;           ///< Yields, for each head, the other part of its key, then its value.

  auto parts() const {
    return std::tie(query_compression, q_b_proj, kv_a_proj_with_mqa, kv_a_layernorm, kv_b_proj);
  }
};

/// How the rows of a fused projection are ordered.
enum class FusedLayout {
  query_key_value,  ///< All queries, all keys, all values.
  by_group,         ///< For each key/value head: its queries, its key, its value.
  by_quarter,       ///< For each quarter of the heads: its queries, its values, its keys.
};

struct FusedProjection {
  Linear qkv_proj;
  FusedLayout layout;

  auto parts() const { return std::tie(qkv_proj, layout); }
};

using Projections = std::variant<SeparateProjections, FusedProjection, KeysAsValues, BorrowedKeys,
                                 LatentProjections>;

}  // namespace ovbake
