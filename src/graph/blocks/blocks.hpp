// The mechanisms of a decoder, one file each, and what they share within one graph.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "architecture/description/decoder.hpp"
#include "graph/blocks/rope.hpp"
#include "graph/blocks/routing.hpp"
#include "graph/form.hpp"
#include "graph/ops.hpp"
#include "graph/weights.hpp"

namespace ovbake {

/// Queries, keys and values: each f32 [batch, heads, query, head_dim], or nothing.
struct Heads {
  Value query, key, value;
};

/// Where a mixer stands.
struct Site {
  std::size_t layer;
  std::string name;             ///< "model.layers.0.self_attn"
  std::span<const Slot> slots;  ///< One for each of the mixer's states.
};

/// [batch, query, heads · head_dim] → [batch, query, heads, head_dim]
Value by_head(const Value& x, std::int64_t heads, std::int64_t head_dim);
/// [batch, query, heads, head_dim] → [batch, heads, query, head_dim]
Value heads_first(const Value& x);

/// One graph while its blocks are put in: masks and rotary tables that several layers use are made
/// once.
class Blocks {
 public:
  Blocks(const Decoder& decoder, Weights& weights, Form& form)
      : weights_(weights), form_(form), slots_(slots(decoder)) {}

  /// f32 [batch, query, hidden] of input_ids.
  Value embedding(const Decoder& decoder);
  /// f32 [batch, query, layers, width] that embedding() made, if the model has such inputs.
  const std::optional<Value>& per_layer_inputs() const { return per_layer_inputs_; }
  /// Layers read these in place of those that embedding() makes.
  void set_per_layer_inputs(const Value& inputs) { per_layer_inputs_ = inputs; }
  /// The hidden state behind one layer.
  Value layer(const DecoderLayer& layer, std::size_t index, const Value& hidden);
  /// f32 [batch, query, vocab_size], in a form whose tail OpenVINO GenAI recognises.
  Value logits(const Decoder& decoder, const Value& hidden);

 private:
  /// The output of both branches, in the layer's arrangement.
  Value branches(const DecoderLayer& layer, const Site& site, const Value& hidden);
  /// The residual stream behind a branch: `body` is all of it but its first norm.
  Value join(const std::optional<Norm>& own_norm, const Residual& residual, const Value& x,
             const std::function<Value(const Value&)>& body);
  Value linear(const Linear& linear, const Value& x);
  Value norm(const Norm& norm, const Value& x);
  Value norm(const std::optional<Norm>& norm, const Value& x);
  Value apply(const RmsNorm& norm, const Value& x);
  Value apply(const LayerNorm& norm, const Value& x);
  Value apply(const HeadNorms& norm, const Value& x);

  /// Rows of a table by i64 indices of any shape.
  Value look_up(const TensorRef& table, const Value& indices);
  Value positions(const LearnedPositions& learned);
  Value positions(const SinusoidalPositions& sinusoidal);

  /// What a mixer makes of x, f32 [batch, query, hidden].
  Value mix(const Attention& attention, const Site& site, const Value& x);
  Value mix(const LightningAttention& attention, const Site& site, const Value& x);
  Value mix(const Linear& projection, const Site& /*site*/, const Value& x) {
    return linear(projection, x);
  }
  Heads project(const SeparateProjections& separate, const Attention& attention, const Value& x);
  Heads project(const FusedProjection& fused, const Attention& attention, const Value& x);
  Heads project(const KeysAsValues& shared, const Attention& attention, const Value& x);
  Heads project(const BorrowedKeys& borrowed, const Attention& attention, const Value& x);
  Heads project(const LatentProjections& latent, const Attention& attention, const Value& x);
  Heads split_rows(const Value& query, const Value& key, const Value& value,
                   const Attention& attention);
  void apply_rope(const Attention& attention, Heads& heads);
  /// f32 [batch, query]
  Value query_scale(const SteppedQueryScale& scale);
  Value query_scale(const LogarithmicQueryScale& scale);
  void append_to_past(const Attention& attention, const Site& site, Heads& heads);
  Value attend(const Attention& attention, const Heads& heads);

  /// What `down_proj` reads, divided by the scales that AWQ gave its columns.
  Value evened(const TensorRef& down_proj, const Value& activated);
  Value mlp(const GatedMlp& mlp, const Value& x);
  Value mlp(const FusedGatedMlp& mlp, const Value& x);
  Value mlp(const PlainMlp& mlp, const Value& x);
  Value mlp(const XieluMlp& mlp, const Value& x);
  Value mlp(const MixtureOfExperts& moe, const Value& x);
  Value mlp(const MlpBesideExperts& both, const Value& x);
  Value mlp(const Linear& projection, const Value& x) { return linear(projection, x); }
  /// Of `tokens`, f32 [tokens, hidden].
  Routing route(const TopKRouter& router, const Value& tokens);
  Routing route(const SparseMixer& router, const Value& tokens);
  Routing route(const InputScalingRouter& router, const Value& tokens);
  Routing route(const NormedRouter& router, const Value& tokens);
  /// What all experts make of `tokens`: f32 [experts, tokens, hidden].
  Value run(const GatedExperts& experts, const Value& tokens);
  Value run(const ClampedExperts& experts, const Value& tokens);
  Value product(const TensorRef& weight, const Value& x);

  Value make_per_layer_inputs(const PerLayerInputs& inputs, std::size_t layers,
                              const Value& embedded);
  Value apply(const PerLayerGate& gate, std::size_t layer, const Value& x);

  /// Added to the scores: 0 where a key may be seen, the least f16 elsewhere.
  Value mask(const std::optional<Window>& window);
  /// The mask and, where there is one, the bias of the positions.
  Value score_bias(const Attention& attention);
  const RotaryTables& rotary_tables(const Rope& rope);

  Weights& weights_;
  Form& form_;
  std::vector<std::vector<Slot>> slots_;  ///< By layer.
  std::map<std::size_t, Heads> cached_;   ///< Keys and values, with the past's, by layer.
  std::optional<Value> per_layer_inputs_;
  std::map<std::optional<Window>, Value> masks_;
  std::deque<std::pair<std::pair<std::optional<Window>, PositionBias>, Value>> score_biases_;
  std::deque<std::pair<Rope, RotaryTables>> rotary_tables_;
};

}  // namespace ovbake
