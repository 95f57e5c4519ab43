// What differs between the graphs of one model: how long things are, where the keys and values of
// the past come from, and where those of the present go. One file of forms/ is one form.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <openvino/core/model.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/result.hpp>
#include <openvino/op/sink.hpp>

#include "architecture/decoder.hpp"
#include "graph/ops.hpp"

namespace ovbake {

/// Of a key that must not be seen: the least f16.
inline constexpr float kLeastScore = -65504;

/// Keys, values or the state of one layer.
struct CacheEntry {
  std::size_t layer;
  std::string_view kind;  ///< "key", "value" or "state".
  std::int64_t heads;
  std::int64_t head_dim;

  /// "past_key_values.3.key"
  std::string past_name() const;
  /// "present.3.key"
  std::string present_name() const;
};

/// One graph under construction. Axes: batch, query (positions of this call), total (positions of
/// past and present).
class Form {
 public:
  virtual ~Form() = default;

  const Value& input_ids() const noexcept { return input_ids_; }            ///< i64 [batch, query]
  const Value& attention_mask() const noexcept { return attention_mask_; }  ///< i64 [batch, total]
  const Value& position_ids() const noexcept { return position_ids_; }      ///< i64 [batch, query]

  /// Position of every key: i64 [batch, total]. The mask's ones count it, not the slots of the
  /// cache: a cache may keep free slots between the past and this token, as the decode graph and
  /// the NPU plug-in do.
  Value key_positions() const;

  /// True where a query may see a key: boolean, broadcasts to [batch, heads, query, total]. The
  /// window is measured in positions.
  Value visible(const std::optional<Window>& window) const;

  /// Added to the scores: f32, 0 where a key may be seen, kLeastScore elsewhere.
  virtual Value mask(const std::optional<Window>& window) const;

  /// The present [batch, heads, query, head_dim] behind the past: [batch, heads, total, head_dim].
  virtual Value extend(const CacheEntry& entry, const Value& present) = 0;

  /// What past and present amount to, f32 [batch, heads, head_dim, head_dim], where the past's is
  /// given or there is no past.
  using NextState = std::function<Value(const std::optional<Value>& past)>;
  /// The past's state, and keeps the next one.
  virtual std::optional<Value> carry(const CacheEntry& entry, const NextState& next) = 0;

  /// The part of attention_mask that is of this call: i64 [batch, query].
  Value query_mask() const;

  /// The rows of the last hidden state that logits are wanted for.
  virtual Value rows_with_logits(const Value& hidden) const { return hidden; }

  /// The finished graph; call it once, last.
  std::shared_ptr<ov::Model> finish(const Value& logits, const std::string& name);

 protected:
  Form(const ov::PartialShape& query_shape, const ov::PartialShape& total_shape);

  Value add_input(const std::string& name, const ov::element::Type& type,
                  const ov::PartialShape& shape);
  void add_output(const std::string& name, const Value& value);
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
  Value input_ids_, attention_mask_, position_ids_;
};

std::unique_ptr<Form> stateful_form();
std::unique_ptr<Form> with_past_form();
std::unique_ptr<Form> without_past_form();
std::unique_ptr<Form> prefill_form(std::int64_t max_prompt_len, bool last_logits_only);
std::unique_ptr<Form> decode_form(std::int64_t capacity);

}  // namespace ovbake
