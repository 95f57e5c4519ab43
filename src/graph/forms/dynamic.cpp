// Every dimension open; keys and values are the state of the graph, reordered by beam_idx.
// Names and structure are optimum-intel's, because GenAI and the plug-ins look for them.
#include <openvino/op/assign.hpp>
#include <openvino/op/broadcast.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/less_eq.hpp>
#include <openvino/op/read_value.hpp>
#include <openvino/op/subtract.hpp>
#include <openvino/op/util/variable.hpp>

#include "graph/form.hpp"

namespace ovbake {
namespace {

class DynamicForm final : public Form {
 public:
  DynamicForm()
      : Form({-1, -1}, {-1, -1}),
        beam_idx_(add_input("beam_idx", ov::element::i32, {-1})),
        batch_(dimension(input_ids(), 0)) {}

  Value extend(const CacheEntry& entry, const Value& present) override {
    const auto variable = std::make_shared<ov::op::util::Variable>(
        ov::op::util::VariableInfo{{-1, entry.heads, -1, entry.head_dim},
                                   ov::element::f32,
                                   entry.past_name() + entry.present_name()});
    const Value nothing = make<ov::op::v3::Broadcast>(
        scalar_f32(0),
        concat({batch_, vector_i64({entry.heads}), vector_i64({0}), vector_i64({entry.head_dim})},
               0));
    const Value past = make<ov::op::v8::Gather>(make<ov::op::v6::ReadValue>(nothing, variable),
                                                beam_idx_, scalar_i64(0));
    const Value all = concat({past, present}, -2);
    add_sink(std::make_shared<ov::op::v6::Assign>(all, variable));
    return all;
  }

 private:
  std::optional<Value> causal() const override {
    const Value query = dimension(input_ids(), 1);
    const Value total = dimension(attention_mask(), 1);
    const Value first = make<ov::op::v1::Subtract>(total, query);
    const Value key = range(vector_i64({0}), total);
    return make<ov::op::v1::LessEqual>(key, unsqueeze(range(first, total), 1));
  }

  Value beam_idx_;
  Value batch_;
};

}  // namespace

std::unique_ptr<Form> dynamic_form() { return std::make_unique<DynamicForm>(); }

}  // namespace ovbake
