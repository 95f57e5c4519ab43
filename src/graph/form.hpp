// What differs between the graphs of one model: how long things are, where the keys and values of
// the past come from, and where those of the present go. One file of forms/ is one form.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <openvino/core/model.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/result.hpp>
#include <openvino/op/sink.hpp>

#include "architecture/description/decoder.hpp"
#include "graph/ops.hpp"
#include "graph/slots.hpp"

namespace ovbake {

/// Of a key that must not be seen: the least f16.
inline constexpr float kLeastScore = -65504;

/// One graph under construction. Axes: batch, query (positions of this call), total (positions of
/// past and present).
class Form {
 public:
  virtual ~Form() = default;

  /// What the graph reads of each token: i64 input_ids [batch, query], or f32 hidden_states
  /// [batch, query, hidden_size].
  const Value& tokens() const noexcept { return tokens_; }
  const Value& attention_mask() const noexcept { return attention_mask_; }  ///< i64 [batch, total]
  const Value& position_ids() const noexcept { return position_ids_; }      ///< i64 [batch, query]

  /// Position of every key: i64 [batch, total]. The mask's ones count it, not the rows of the
  /// cache: a cache may keep free rows between the past and this token, as the decode graph and the
  /// NPU plug-in do.
  Value key_positions() const;

  /// True where a query may see a key: boolean, broadcasts to [batch, heads, query, total]. The
  /// window is measured in positions.
  Value visible(const std::optional<Window>& window) const;

  /// Added to the scores: f32, 0 where a key may be seen, kLeastScore elsewhere.
  virtual Value mask(const std::optional<Window>& window) const;

  /// Keys or values of this call, [batch, heads, query, head_dim], behind those of the past:
  /// [batch, heads, total, head_dim].
  virtual Value extend(const Slot& slot, const Value& present) = 0;

  /// A state of one size as the last call left it, f32 [batch, ...]; nothing in a graph without a
  /// past.
  virtual std::optional<Value> past(const Slot& slot) = 0;
  /// Keeps that state, of the same shape, for the next call.
  virtual void keep(const Slot& slot, const Value& next) = 0;

  /// Keys or values, those of the past too, of a layer that is in another graph.
  virtual Value borrowed(const Slot& slot);
  /// Is told the input of every projection, `weight` being its matrix or its stack of matrices. All
  /// experts read one input, [tokens, features], or each has its own, [experts, tokens, features].
  virtual void tap(const TensorRef& /*weight*/, const Value& /*input*/) {}

  /// The part of attention_mask that is of this call: i64 [batch, query].
  Value query_mask() const;

  /// The rows of the last hidden state that logits are wanted for.
  virtual Value rows_with_logits(const Value& hidden) const { return hidden; }

  Value add_input(const std::string& name, const ov::element::Type& type,
                  const ov::PartialShape& shape);
  void add_output(const std::string& name, const Value& value);

  /// The finished graph with `result` as its first output; call it once, last.
  std::shared_ptr<ov::Model> finish(const Value& result, const std::string& result_name,
                                    const std::string& name);

 protected:
  Form(const ov::PartialShape& query_shape, const ov::PartialShape& total_shape);
  /// Of a graph that reads hidden states.
  Form(const ov::PartialShape& query_shape, const ov::PartialShape& total_shape,
       std::int64_t hidden_size);

  /// [batch, heads, tokens, head_dim] of keys or values; a state of one size is [batch, ...].
  static ov::PartialShape shape_of(const State& state, const ov::Dimension& batch,
                                   const ov::Dimension& tokens = {});
  /// True where attention_mask lets a key be seen: boolean [batch, 1, 1, total].
  Value present() const;
  /// True where a key lies in the window of a query or behind it: boolean [batch, 1, query, total].
  Value in_window(const Window& window) const;
  void add_sink(const std::shared_ptr<ov::op::Sink>& sink) { sinks_.push_back(sink); }

 private:
  /// True where a key is not younger than the query: broadcasts to [1, 1, query, total]. Nothing
  /// where every query sees all that attention_mask allows.
  virtual std::optional<Value> causal() const = 0;
  /// Positions that a sequence can have; nothing where there is no limit.
  virtual std::optional<std::int64_t> capacity() const { return std::nullopt; }

  ov::ParameterVector inputs_;
  ov::ResultVector outputs_;
  ov::SinkVector sinks_;
  Value tokens_, attention_mask_, position_ids_;
};

std::unique_ptr<Form> stateful_form();
std::unique_ptr<Form> with_past_form();
std::unique_ptr<Form> without_past_form();
std::unique_ptr<Form> prefill_form(std::int64_t max_prompt_len, bool last_logits_only);
std::unique_ptr<Form> decode_form(std::int64_t capacity);
/// `lends`: later layers borrow keys and values, so they are outputs.
std::unique_ptr<Form> one_layer_form(std::int64_t hidden_size, bool lends);

}  // namespace ovbake
