// How a model knows where a token stands: rotated heads, an addition to the embedding, or a bias of
// the attention scores.
#pragma once

#include "architecture/description/tensor.hpp"

namespace ovbake {

/// Frequencies that replace inv_freq once a sequence is longer than
/// original_max_position_embeddings.
struct LongFrequencies {
  std::vector<float> inv_freq;
  std::int64_t original_max_position_embeddings;
  std::optional<float> attention_factor;  ///< Where it is another than before.

  auto parts() const {
    return std::tie(inv_freq, original_max_position_embeddings, attention_factor);
  }
};

/// Once a sequence is longer than max_position_embeddings, inv_freq is that of a base multiplied by
/// (factor · length / max_position_embeddings − (factor − 1)) ^ (rotary_dim / (rotary_dim − 2)).
struct GrowingBase {
  double factor;
  std::int64_t max_position_embeddings;

  auto parts() const { return std::tie(factor, max_position_embeddings); }
};

/// Once a sequence is longer than trained_length, and then than 2, 4, 8 … times that, inv_freq is
/// that of a base multiplied by 3, 7, 15, 31 … ^ (rotary_dim / (rotary_dim − 2)).
struct DoublingBase {
  std::int64_t trained_length;

  auto parts() const { return std::tie(trained_length); }
};

/// Which elements of a head form the pair that frequency i rotates.
enum class RopeLayout {
  halves,      ///< (i, i + rotary_dim/2)
  interleaved  ///< (2i, 2i + 1)
};

/// Rotary position embedding on the first rotary_dim elements of a head: pair i is rotated by
/// position · inv_freq[i], and cos and sin are multiplied by attention_factor.
struct Rope {
  std::vector<float> inv_freq;  ///< [rotary_dim / 2]
  float attention_factor = 1;
  RopeLayout layout = RopeLayout::halves;
  /// What changes in sequences that are longer than those of the training.
  std::variant<std::monostate, LongFrequencies, GrowingBase, DoublingBase> beyond;

  std::int64_t rotary_dim() const { return 2 * static_cast<std::int64_t>(inv_freq.size()); }
  auto parts() const { return std::tie(inv_freq, attention_factor, layout, beyond); }
};

/// Row position + offset of a table is added to the embedding.
struct LearnedPositions {
  TensorRef weight;
  std::int64_t offset = 0;

  auto parts() const { return std::tie(weight, offset); }
};

/// The sines of all (position + offset) · inv_freq[i], then the cosines, are added to the
/// embedding.
struct SinusoidalPositions {
  std::vector<float> inv_freq;  ///< [hidden_size / 2]
  std::int64_t offset = 0;

  auto parts() const { return std::tie(inv_freq, offset); }
};

using PositionEmbedding = std::variant<LearnedPositions, SinusoidalPositions>;

/// slope · (key position − query position) is added to the score of a query and a key.
struct Alibi {
  std::vector<float> slopes;  ///< One a head.

  auto parts() const { return std::tie(slopes); }
};

/// slope · steps[key position] is added to the scores of a key: ALiBi whose products were rounded.
struct TabulatedBias {
  std::vector<float> slopes;  ///< One a head.
  std::vector<float> steps;   ///< [positions, heads]

  auto parts() const { return std::tie(slopes, steps); }
};

using PositionBias = std::variant<Alibi, TabulatedBias>;

}  // namespace ovbake
