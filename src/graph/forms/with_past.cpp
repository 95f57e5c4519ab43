// Keys and values of the past are inputs, those of past and present outputs: what optimum-cli makes
// with --disable-stateful.
#include "graph/forms/open_form.hpp"

namespace ovbake {
namespace {

class WithPastForm final : public OpenForm {
 public:
  Value extend(const Slot& slot, const Value& present) override {
    Value all = concat({input(slot), present}, -2);
    add_output(slot.names.present, all);
    return all;
  }

  std::optional<Value> past(const Slot& slot) override { return input(slot); }
  void keep(const Slot& slot, const Value& next) override { add_output(slot.names.present, next); }

 private:
  Value input(const Slot& slot) {
    return add_input(slot.names.past, ov::element::f32, shape_of(slot.state, -1, -1));
  }
};

}  // namespace

std::unique_ptr<Form> with_past_form() { return std::make_unique<WithPastForm>(); }

}  // namespace ovbake
