#include "graph/form.hpp"

#include <limits>
#include <stdexcept>

#include <openvino/op/convert.hpp>
#include <openvino/op/cum_sum.hpp>
#include <openvino/op/floor_mod.hpp>
#include <openvino/op/greater.hpp>
#include <openvino/op/logical_and.hpp>
#include <openvino/op/negative.hpp>
#include <openvino/op/select.hpp>
#include <openvino/op/slice.hpp>
#include <openvino/op/subtract.hpp>

namespace ovbake {
namespace {

std::int64_t size_of(const Window& window) {
  return std::visit([](const auto& kind) { return kind.size; }, window);
}

/// The youngest position that the window of a query hides; all before it are hidden too.
Value last_hidden_by(const SlidingWindow& window, const Value& query) {
  return make<ov::op::v1::Add>(query, scalar_i64(-window.size));
}

Value last_hidden_by(const AttentionChunk& chunk, const Value& query) {
  const Value within = make<ov::op::v1::FloorMod>(query, scalar_i64(chunk.size));
  return make<ov::op::v1::Subtract>(make<ov::op::v1::Subtract>(query, within), scalar_i64(1));
}

}  // namespace

Form::Form(const ov::PartialShape& query_shape, const ov::PartialShape& total_shape)
    : tokens_(add_input("input_ids", ov::element::i64, query_shape)),
      attention_mask_(add_input("attention_mask", ov::element::i64, total_shape)),
      position_ids_(add_input("position_ids", ov::element::i64, query_shape)) {}

Form::Form(const ov::PartialShape& query_shape, const ov::PartialShape& total_shape,
           std::int64_t hidden_size)
    : tokens_(add_input("hidden_states", ov::element::f32,
                        {query_shape[0], query_shape[1], hidden_size})),
      attention_mask_(add_input("attention_mask", ov::element::i64, total_shape)),
      position_ids_(add_input("position_ids", ov::element::i64, query_shape)) {}

Value Form::add_input(const std::string& name, const ov::element::Type& type,
                      const ov::PartialShape& shape) {
  const auto parameter = std::make_shared<ov::op::v0::Parameter>(type, shape);
  parameter->set_friendly_name(name);
  parameter->output(0).get_tensor().set_names({name});
  inputs_.push_back(parameter);
  return parameter;
}

void Form::add_output(const std::string& name, const Value& value) {
  value.get_tensor().add_names({name});
  const auto result = std::make_shared<ov::op::v0::Result>(value);
  result->set_friendly_name(name);
  outputs_.push_back(result);
}

ov::PartialShape Form::shape_of(const State& state, const ov::Dimension& batch,
                                const ov::Dimension& tokens) {
  ov::PartialShape shape{batch};
  for (const std::int64_t size : state.shape) shape.push_back(size);
  if (grows(state.kind)) shape.insert(shape.begin() + 2, tokens);
  return shape;
}

Value Form::borrowed(const Slot& slot) {
  throw std::logic_error(slot.names.present + " is in no other graph");
}

Value Form::key_positions() const {
  const Value counted = make<ov::op::v0::CumSum>(attention_mask_, scalar_i64(1));
  return make<ov::op::v1::Subtract>(counted, scalar_i64(1));
}

Value Form::query_mask() const {
  const Value query = dimension(tokens_, 1);
  return make<ov::op::v8::Slice>(attention_mask_, make<ov::op::v0::Negative>(query),
                                 vector_i64({std::numeric_limits<std::int64_t>::max()}),
                                 vector_i64({1}), vector_i64({1}));
}

Value Form::present() const {
  return unsqueeze(unsqueeze(make<ov::op::v0::Convert>(attention_mask_, ov::element::boolean), 1),
                   1);
}

Value Form::in_window(const Window& window) const {
  const Value query = unsqueeze(unsqueeze(position_ids_, 1), 3);
  const Value last_hidden =
      std::visit([&](const auto& kind) { return last_hidden_by(kind, query); }, window);
  return make<ov::op::v1::Greater>(unsqueeze(unsqueeze(key_positions(), 1), 1), last_hidden);
}

Value Form::visible(const std::optional<Window>& window) const {
  Value visible = present();
  if (const auto past_only = causal()) {
    visible = make<ov::op::v1::LogicalAnd>(*past_only, visible);
  }
  const auto limit = capacity();
  if (window && (!limit || size_of(*window) < *limit)) {
    visible = make<ov::op::v1::LogicalAnd>(visible, in_window(*window));
  }
  return visible;
}

Value Form::mask(const std::optional<Window>& window) const {
  return make<ov::op::v1::Select>(visible(window), scalar_f32(0), scalar_f32(kLeastScore));
}

std::shared_ptr<ov::Model> Form::finish(const Value& result, const std::string& result_name,
                                        const std::string& name) {
  result.get_tensor().set_names({result_name});
  const auto first = std::make_shared<ov::op::v0::Result>(result);
  first->set_friendly_name(result_name + "/sink_port_0");
  outputs_.insert(outputs_.begin(), first);
  return std::make_shared<ov::Model>(outputs_, sinks_, inputs_, name);
}

}  // namespace ovbake
