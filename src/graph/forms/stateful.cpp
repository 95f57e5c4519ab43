// Keys, values and other states are variables of the graph, reordered by beam_idx.
#include <map>

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
      : beam_idx_(add_input("beam_idx", ov::element::i32, {-1})), batch_(dimension(tokens(), 0)) {}

  Value extend(const Slot& slot, const Value& present) override {
    Value all = concat({read(slot), present}, -2);
    keep(slot, all);
    return all;
  }

  std::optional<Value> past(const Slot& slot) override { return read(slot); }
  void keep(const Slot& slot, const Value& next) override {
    add_sink(std::make_shared<ov::op::v6::Assign>(next, variables_.at(slot.names.past)));
  }

 private:
  /// What the variable holds, row beam_idx[i] of the last call as row i. It begins with zeros, and
  /// with no row where it grows.
  Value read(const Slot& slot) {
    const ov::PartialShape shape = shape_of(slot.state, -1, grows(slot.state.kind) ? 0 : -1);
    ov::OutputVector sizes{batch_};
    for (std::size_t axis = 1; axis < shape.size(); ++axis) {
      sizes.push_back(vector_i64({shape[axis].get_length()}));
    }
    const auto variable = std::make_shared<ov::op::util::Variable>(ov::op::util::VariableInfo{
        shape_of(slot.state, -1, -1), ov::element::f32, slot.names.past + slot.names.present});
    variables_[slot.names.past] = variable;
    const Value zeros = make<ov::op::v3::Broadcast>(scalar_f32(0), concat(sizes, 0));
    return make<ov::op::v8::Gather>(make<ov::op::v6::ReadValue>(zeros, variable), beam_idx_,
                                    scalar_i64(0));
  }

  Value beam_idx_;
  Value batch_;
  std::map<std::string, std::shared_ptr<ov::op::util::Variable>> variables_;  ///< By their pasts.
};

}  // namespace

std::unique_ptr<Form> stateful_form() { return std::make_unique<StatefulForm>(); }

}  // namespace ovbake
