// One layer of a whole sequence: hidden states in, hidden states and the input of every projection
// out.
#include <set>

#include "graph/forms/open_form.hpp"

namespace ovbake {
namespace {

class OneLayerForm final : public OpenForm {
 public:
  OneLayerForm(std::int64_t hidden_size, bool lends) : OpenForm(hidden_size), lends_(lends) {}

  Value extend(const Slot& slot, const Value& present) override {
    if (lends_) add_output(slot.names.present, present);
    return present;
  }
  std::optional<Value> past(const Slot& /*slot*/) override { return std::nullopt; }
  void keep(const Slot& /*slot*/, const Value& /*next*/) override {}

  Value borrowed(const Slot& slot) override {
    return add_input(slot.names.present, ov::element::f32, shape_of(slot.state, -1, -1));
  }

  void tap(const TensorRef& weight, const Value& input) override {
    if (tapped_.insert(input).second) {
      add_output(module_of(weight), input);
    } else {
      input.get_tensor().add_names({module_of(weight)});
    }
  }

 private:
  bool lends_;
  std::set<Value> tapped_;  ///< One output each, however many projections read it.
};

}  // namespace

std::unique_ptr<Form> one_layer_form(std::int64_t hidden_size, bool lends) {
  return std::make_unique<OneLayerForm>(hidden_size, lends);
}

}  // namespace ovbake
