// What a causal language model IS, as plain data: no OpenVINO, no weights, nothing computed.
// Fields are named as in config.json, tensors as in the checkpoint.
// A field that one family alone would read is not a field: it is a new block (see CONTRIBUTING.md).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/shape.hpp"

namespace ovbake {

/// What a tensor is used for, which is what decides its weight format.
enum class Role {
  embedding,   ///< Rows are looked up.
  projection,  ///< Multiplied with activations.
  lm_head,     ///< The projection onto the vocabulary.
  vector,      ///< Norms, biases and other small parameters: stays in full precision.
};

/// How a checkpoint may store the matrices of a stack.
struct StackLayout {
  std::string name;            ///< Where each is a tensor of its own, "*" stands for its number.
  std::int64_t first_row = 0;  ///< Of those that a stored matrix has.
  std::optional<std::int64_t>
      all_rows{};           ///< More than the stack's where others are fused to them.
  bool transposed = false;  ///< Stored matrices are [columns, rows].
  /// Stored are MXFP4 blocks, 32 columns in 16 bytes, and a tensor of this name has a power of two
  /// for each.
  std::optional<std::string> scales{};

  bool is_numbered() const { return name.find('*') != std::string::npos; }
  std::string name_of(std::int64_t matrix) const;
};

/// A tensor that the model needs from its checkpoint.
struct TensorRef {
  std::string name;
  Shape shape;
  Role role;
  bool transposed = false;  ///< The checkpoint stores [shape[1], shape[0]].
  bool unit_rows = false;   ///< Each row is divided by its length when it is read.
  /// Of a stack of matrices, [matrices, rows, columns]: the layouts that it may have, if it is one.
  std::vector<StackLayout> layouts{};

  Shape stored_shape() const;
};

/// y = x · weightᵀ + bias, weight [out_features, in_features].
struct Linear {
  TensorRef weight;
  std::optional<TensorRef> bias;

  std::int64_t out_features() const { return weight.shape[0]; }
};

// ---- norms

/// y = x / sqrt(mean(x²) + eps) · (weight + weight_offset)
struct RmsNorm {
  std::optional<TensorRef> weight;
  double eps;
  float weight_offset = 0;
};

/// y = (x − mean(x)) / sqrt(var(x) + eps) · (weight + weight_offset) + bias
struct LayerNorm {
  std::optional<TensorRef> weight;
  std::optional<TensorRef> bias;
  double eps;
  float weight_offset = 0;
};

/// A LayerNorm without bias for each head of [..., heads, head_dim].
struct HeadNorms {
  std::vector<TensorRef> weights;
  double eps;
};

using Norm = std::variant<RmsNorm, LayerNorm, HeadNorms>;

// ---- positions

/// Frequencies that take over once a sequence is longer than the model was first trained for.
struct LongFrequencies {
  std::vector<float> inv_freq;
  std::int64_t original_max_position_embeddings;

  friend bool operator==(const LongFrequencies&, const LongFrequencies&) = default;
};

/// Once a sequence is longer than max_position_embeddings, inv_freq is that of a base multiplied by
/// (factor · length / max_position_embeddings − (factor − 1)) ^ (rotary_dim / (rotary_dim − 2)).
struct GrowingBase {
  double factor;
  std::int64_t max_position_embeddings;

  friend bool operator==(const GrowingBase&, const GrowingBase&) = default;
};

/// Once a sequence is longer than trained_length, and then than 2, 4, 8 … times that, inv_freq is
/// that of a base multiplied by 3, 7, 15, 31 … ^ (rotary_dim / (rotary_dim − 2)).
struct DoublingBase {
  std::int64_t trained_length;

  friend bool operator==(const DoublingBase&, const DoublingBase&) = default;
};

/// Which elements of a head form the pair that frequency i turns.
enum class RopeLayout {
  halves,      ///< (i, i + rotary_dim/2)
  interleaved  ///< (2i, 2i + 1)
};

/// Rotary position embedding on the first rotary_dim elements of a head: pair i is turned by
/// position · inv_freq[i], and cos and sin are multiplied by attention_factor.
struct Rope {
  std::vector<float> inv_freq;  ///< [rotary_dim / 2]
  float attention_factor = 1;
  RopeLayout layout = RopeLayout::halves;
  /// For long sequences.
  std::variant<std::monostate, LongFrequencies, GrowingBase, DoublingBase> beyond;

  std::int64_t rotary_dim() const { return 2 * static_cast<std::int64_t>(inv_freq.size()); }
  friend bool operator==(const Rope&, const Rope&) = default;
};

/// Row position + offset of a table is added to the embedding.
struct LearnedPositions {
  TensorRef weight;
  std::int64_t offset = 0;
};

/// The sines of all (position + offset) · inv_freq[i], then the cosines, are added to the
/// embedding.
struct SinusoidalPositions {
  std::vector<float> inv_freq;  ///< [hidden_size / 2]
  std::int64_t offset = 0;
};

using PositionEmbedding = std::variant<LearnedPositions, SinusoidalPositions>;

/// Scores of a query and a key get slope · (key position − query position) added.
struct Alibi {
  std::vector<float> slopes;  ///< One a head.

  friend bool operator==(const Alibi&, const Alibi&) = default;
};

/// Scores of a key get slope · steps[key position] added: ALiBi whose products were rounded.
struct TabulatedBias {
  std::vector<float> slopes;  ///< One a head.
  std::vector<float> steps;   ///< [positions, heads]

  friend bool operator==(const TabulatedBias&, const TabulatedBias&) = default;
};

using PositionBias = std::variant<Alibi, TabulatedBias>;

// ---- attention

struct SeparateProjections {
  Linear q_proj, k_proj, v_proj;
};

/// Values are what keys are before their norm and rotation.
struct KeysAsValues {
  Linear q_proj, k_proj;
};

/// Keys and values, those of the past too, are an earlier layer's.
struct BorrowedKeys {
  Linear q_proj;
  std::size_t layer;
};

/// Multi-head latent attention: queries (where there is a q_a_proj), keys and values pass through
/// narrow vectors. A head of queries or keys is a part that knows no position, then the part that
/// rope turns, which of keys is one for all heads.
struct LatentProjections {
  std::optional<Linear> q_a_proj;
  std::optional<Norm> q_a_layernorm;
  Linear q_b_proj;
  Linear kv_a_proj_with_mqa;  ///< The narrow vector, then the part of keys that rope turns.
  Norm kv_a_layernorm;        ///< Of the narrow vector.
  Linear kv_b_proj;           ///< For each head: the other part of its key, its value.
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
};

/// A norm of queries and of keys, and of values where they have one.
struct QueryKeyNorm {
  enum class Scope { head, projection, turned_head };

  std::optional<Norm> q_norm, k_norm, v_norm;
  Scope scope =
      Scope::head;  ///< Over each head, all heads at once, or each head once it is turned.
};

/// Queries are multiplied by 1 + beta · log(1 + floor((position + offset) / length)).
struct SteppedQueryScale {
  double beta;
  std::int64_t length;
  std::int64_t offset = 0;
};

/// Queries beyond the trained length are multiplied by log(position + 1) / log(trained_length).
struct LogarithmicQueryScale {
  std::int64_t trained_length;
};

using QueryScale = std::variant<SteppedQueryScale, LogarithmicQueryScale>;

/// A query sees itself and the size − 1 positions before it.
struct SlidingWindow {
  std::int64_t size;

  friend auto operator<=>(const SlidingWindow&, const SlidingWindow&) = default;
};

/// Positions are cut into chunks of so many, and a query sees no other than its own.
struct AttentionChunk {
  std::int64_t size;

  friend auto operator<=>(const AttentionChunk&, const AttentionChunk&) = default;
};

using Window = std::variant<SlidingWindow, AttentionChunk>;

/// Scaled dot-product attention with grouped heads and a K/V cache.
struct Attention {
  std::int64_t num_attention_heads;
  std::int64_t num_key_value_heads;
  std::int64_t head_dim;
  std::optional<std::int64_t> v_head_dim;  ///< Of values, where it is not head_dim.
  double scaling;                          ///< Of the scores: usually head_dim^-0.5.
  std::variant<SeparateProjections, FusedProjection, KeysAsValues, BorrowedKeys, LatentProjections>
      projections;
  /// What projections, and the norm over all that one yields, make is cut off at ± this.
  std::optional<double> clip_qkv;
  std::optional<Norm> sub_norm;  ///< Of what o_proj reads.
  /// What o_proj reads is multiplied by sigmoid(output_gate(x)).
  std::optional<Linear> output_gate;
  Linear o_proj;
  std::optional<TensorRef> sinks;  ///< [heads]: scores that keys compete with and no value has.
  std::optional<QueryKeyNorm> qk_norm;
  std::optional<Rope> rope;  ///< Nothing: heads are not turned.
  std::optional<QueryScale> query_scale;
  std::optional<PositionBias> position_bias;
  std::optional<Window> window;  ///< Nothing: a query sees all positions before it.
  /// Scores s become cap · tanh(s / cap).
  std::optional<double> logit_softcapping;

  std::int64_t value_dim() const { return v_head_dim.value_or(head_dim); }
};

// ---- activations

enum class Activation { silu, gelu, gelu_tanh, relu, relu_squared };

// ---- in the place of attention

/// Nothing: x goes on as it is.
struct Skipped {};

/// Attention without a softmax: query i makes Σ exp(−slope · (i − j)) · (q_i · k_j) · v_j of the
/// keys and values j ≤ i. What it keeps of the past is Σ exp(−slope · (i − j)) · k_jᵀ v_j, of one
/// size whatever i is. out_proj reads sigmoid(output_gate(x)) · norm(what all heads make).
struct LightningAttention {
  std::int64_t num_attention_heads;
  std::int64_t head_dim;
  std::vector<float> slopes;  ///< One a head.
  std::int64_t block_size;    ///< Queries that are taken together, which changes only the effort.
  Linear qkv_proj;            ///< For each head: its query, its key, its value.
  Activation hidden_act;      ///< Of what qkv_proj makes.
  Norm norm;
  Linear output_gate, out_proj;
};

using AttentionSubstitute = std::variant<Skipped, Linear, LightningAttention>;

// ---- MLP

/// down_proj(sub_norm(activation(gate_proj(x)) · up_proj(x)))
struct GatedMlp {
  Linear gate_proj, up_proj, down_proj;
  Activation hidden_act;
  std::optional<Norm> sub_norm;
};

/// down_proj(activation(gate) · up), gate and up being the first and second half of gate_up_proj(x)
struct FusedGatedMlp {
  Linear gate_up_proj, down_proj;
  Activation hidden_act;
};

/// down_proj(activation(up_proj(x)))
struct PlainMlp {
  Linear up_proj, down_proj;
  Activation hidden_act;
};

/// down_proj(xielu(up_proj(x))), where xielu(x) is
/// softplus(alpha_p) · x² + beta · x for x > 0, and for other x
/// (beta + softplus(alpha_n)) · (exp(min(x, eps)) − 1 − x) + beta · x
struct XieluMlp {
  Linear up_proj, down_proj;
  TensorRef alpha_p, alpha_n, beta, eps;
};

// ---- mixtures of experts

/// Experts are chosen only from the topk_group groups whose best scores have the largest sum: the
/// best one's or, in many models, the best two's.
struct ExpertGroups {
  std::int64_t n_group, topk_group;
  std::int64_t best;
};

/// What the scores of chosen experts are divided by: max(sum + eps, least).
struct ScoreSum {
  double eps = 0;
  double least = 0;
};

/// Which experts see a token, and how much each of them counts: of all scores, gate(x) bent, the
/// top_k largest.
struct TopKRouter {
  enum class Scoring { softmax, sigmoid, softmax_of_chosen };

  Linear gate;
  Scoring scoring;
  std::int64_t top_k;
  std::optional<TensorRef> correction_bias;  ///< Of the scores, for the choice alone: [experts].
  std::optional<ExpertGroups> groups;
  std::optional<ScoreSum> divisor;
  double scaling = 1;
};

/// Phi's choice of the best two: how much each counts is its share of the softmax of scores s that
/// are not far below it, (best − s) / max(|s|, best) ≤ 2 · jitter_eps, those before it left out.
struct SparseMixer {
  Linear gate;
  double jitter_eps;
};

/// The expert with the largest score s alone is chosen, and sees a token times sigmoid(s).
struct InputScalingRouter {
  Linear gate;
};

/// `choice` is made by norm(x) · scaling, each expert's weight is multiplied by a scale of its own,
/// and experts see tokens_norm(x).
struct NormedRouter {
  Norm norm;
  double scaling;
  TopKRouter choice;
  TensorRef per_expert_scale;  ///< [experts]
  Norm tokens_norm;
};

using Router = std::variant<TopKRouter, SparseMixer, InputScalingRouter, NormedRouter>;

/// The projection that makes the scores.
const Linear& gate_of(const Router& router);

/// Gated MLPs, their weights stacked: [experts, out_features, in_features].
struct GatedExperts {
  TensorRef gate_proj, up_proj, down_proj;
  Activation hidden_act;
};

/// Gate g and up u being every second row of gate_up_proj each, down_proj of
/// min(g, limit) · sigmoid(alpha · min(g, limit)) · (clamp(u, ±limit) + 1); biases are [experts,
/// n].
struct ClampedExperts {
  TensorRef gate_up_proj, gate_up_bias, down_proj, down_bias;
  double limit;
  double alpha;
};

using Experts = std::variant<GatedExperts, ClampedExperts>;

/// An MLP that sees every token, times sigmoid(gate(x)) where it has a gate.
struct SharedExpert {
  GatedMlp mlp;
  std::optional<Linear> gate;
};

struct MixtureOfExperts {
  Router router;
  Experts experts;
  std::optional<SharedExpert> shared_expert;
};

/// mlp_output_norm(mlp(mlp_norm(x))) + experts_output_norm(experts(x))
struct MlpBesideExperts {
  Norm mlp_norm;
  GatedMlp mlp;
  Norm mlp_output_norm;
  MixtureOfExperts experts;
  Norm experts_output_norm;
};

using Mlp = std::variant<GatedMlp, FusedGatedMlp, PlainMlp, XieluMlp, MixtureOfExperts,
                         MlpBesideExperts, Linear>;

// ---- per-layer inputs

/// Every layer gets an input of its own, [batch, query, width], from the token and from its
/// embedding e: (norm(projection(e) · projection_multiplier) + embed_tokens · embedding_multiplier)
/// · sqrt(1/2); embed_tokens and projection have the layers' parts side by side.
struct PerLayerInputs {
  TensorRef embed_tokens;
  double embedding_multiplier;
  Linear projection;
  double projection_multiplier;
  Norm norm;
  std::int64_t width;
};

/// x += norm(projection(activation(gate(x)) · the layer's own input))
struct PerLayerGate {
  Linear gate, projection;
  Norm norm;
  Activation hidden_act;
};

// ---- the whole

/// Where attention_norm and mlp_norm stand, f being attention or MLP.
enum class NormPlacement {
  branch,  ///< x + f(norm(x))
  input,   ///< norm(x) + f(norm(x))
  sum,     ///< norm(x + f(x))
};

/// x becomes residual · x + branch · f(x).
struct Multipliers {
  double residual = 1, branch = 1;
};

/// a = attention_output_norm(self_attn(attention_norm(x))); x += a
/// m = mlp_output_norm(mlp(mlp_norm(x)));                   x += m
/// and at last per_layer_gate and layer_scalar: each norm and step where there is one.
struct DecoderLayer {
  std::string name;  ///< "model.layers.0"
  std::optional<Norm> attention_norm;
  Attention self_attn;
  std::optional<AttentionSubstitute> substitute;  ///< Of self_attn, which then means nothing.
  std::optional<Norm> attention_output_norm;
  std::optional<Norm> mlp_norm;
  std::optional<Mlp> mlp;  ///< Nothing: x goes on as it is.
  std::optional<Norm> mlp_output_norm;
  NormPlacement norm_placement = NormPlacement::branch;
  /// Attention and MLP both read the layer's input, and both are added to it. An MLP without a norm
  /// of its own reads what attention_norm made.
  bool parallel = false;
  Multipliers attention_multipliers, mlp_multipliers;
  std::optional<PerLayerGate> per_layer_gate;
  std::optional<TensorRef> layer_scalar;  ///< [1], which multiplies x.
};

struct Decoder {
  std::string model_type;
  std::int64_t vocab_size;
  std::int64_t hidden_size;
  TensorRef embed_tokens;
  double embedding_multiplier = 1;
  std::optional<Linear> project_in;  ///< From the width of embed_tokens to hidden_size.
  std::optional<PositionEmbedding> embed_positions;
  std::optional<Norm> embedding_norm;
  std::optional<PerLayerInputs> per_layer_inputs;
  std::vector<DecoderLayer> layers;
  std::optional<Norm> norm;
  std::optional<Linear> project_out;  ///< From hidden_size to the width of lm_head.
  Linear lm_head;  ///< Its weight is embed_tokens itself where embeddings are tied.
  double logits_multiplier = 1;
  /// Positions that the model has parameters for; nothing where it computes what it needs.
  std::optional<std::int64_t> max_positions;
  /// Logits l become cap · tanh(l / cap).
  std::optional<double> final_logit_softcapping;
  /// Beginnings of the names of tensors that a checkpoint may have and no layer reads, such as keys
  /// of a layer that borrows them.
  std::vector<std::string> other_parts;

  bool tie_word_embeddings() const { return lm_head.weight.name == embed_tokens.name; }
};

/// Calls `visit` for every tensor that the model needs, each once, in the order of computation.
void for_each_tensor(const Decoder& decoder, const std::function<void(const TensorRef&)>& visit);

}  // namespace ovbake
