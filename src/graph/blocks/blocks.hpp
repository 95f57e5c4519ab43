// The mechanisms of a decoder, one file each, and what they share within one graph.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "architecture/decoder.hpp"
#include "graph/blocks/rope.hpp"
#include "graph/form.hpp"
#include "graph/ops.hpp"
#include "graph/weights.hpp"

namespace ovbake {

/// One graph while its blocks are put in: masks and rotary tables that several layers use are made
/// once.
class Blocks {
 public:
  Blocks(Weights& weights, Form& form) : weights_(weights), form_(form) {}

  /// f32 [batch, query, hidden] of input_ids.
  Value embedding(const TensorRef& embed_tokens);
  Value linear(const Linear& linear, const Value& x);
  Value rms_norm(const RmsNorm& norm, const Value& x);
  Value attention(const Attention& attention, std::size_t layer, const std::string& name,
                  const Value& x);
  Value mlp(const GatedMlp& mlp, const std::string& name, const Value& x);

 private:
  /// Added to the scores: 0 where a key may be seen, the least f16 elsewhere.
  Value mask(std::optional<std::int64_t> sliding_window);
  const RotaryTables& rotary_tables(const Rope& rope);

  Weights& weights_;
  Form& form_;
  std::map<std::optional<std::int64_t>, Value> masks_;
  std::deque<std::pair<Rope, RotaryTables>> rotary_tables_;
};

}  // namespace ovbake
