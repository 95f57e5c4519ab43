// Keys and values are the state of the graph, reordered by beam_idx.
#include <openvino/op/assign.hpp>
#include <openvino/op/broadcast.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/read_value.hpp>
#include <openvino/op/util/variable.hpp>

#include "graph/forms/open_form.hpp"

namespace ovbake {
namespace {

class StatefulForm final : public OpenForm {
 public:
  StatefulForm()
      : beam_idx_(add_input("beam_idx", ov::element::i32, {-1})),
        batch_(dimension(input_ids(), 0)) {}

  Value extend(const CacheEntry& entry, const Value& present) override {
    const auto variable = variable_of(entry, -1);
    Value all = concat({past(entry, 0, variable), present}, -2);
    add_sink(std::make_shared<ov::op::v6::Assign>(all, variable));
    return all;
  }

  std::optional<Value> carry(const CacheEntry& entry, const NextState& next) override {
    const auto variable = variable_of(entry, entry.head_dim);
    Value before = past(entry, entry.head_dim, variable);
    add_sink(std::make_shared<ov::op::v6::Assign>(next(before), variable));
    return before;
  }

 private:
  using VariablePtr = std::shared_ptr<ov::op::util::Variable>;

  static VariablePtr variable_of(const CacheEntry& entry, std::int64_t rows) {
    return std::make_shared<ov::op::util::Variable>(
        ov::op::util::VariableInfo{{-1, entry.heads, rows, entry.head_dim},
                                   ov::element::f32,
                                   entry.past_name() + entry.present_name()});
  }

  /// What the variable holds or, at first, so many rows of zeros a head.
  Value past(const CacheEntry& entry, std::int64_t rows, const VariablePtr& variable) {
    const Value shape = concat(
        {batch_, vector_i64({entry.heads}), vector_i64({rows}), vector_i64({entry.head_dim})}, 0);
    const Value zeros = make<ov::op::v3::Broadcast>(scalar_f32(0), shape);
    return make<ov::op::v8::Gather>(make<ov::op::v6::ReadValue>(zeros, variable), beam_idx_,
                                    scalar_i64(0));
  }

  Value beam_idx_;
  Value batch_;
};

}  // namespace

std::unique_ptr<Form> stateful_form() { return std::make_unique<StatefulForm>(); }

}  // namespace ovbake
