// One token after a past of fixed capacity; the host keeps the cache and gets this token's keys and
// values to put into it.
#include "graph/form.hpp"

namespace ovbake {
namespace {

class DecodeForm final : public Form {
 public:
  explicit DecodeForm(std::int64_t capacity) : Form({1, 1}, {1, capacity}), capacity_(capacity) {}

  Value extend(const Slot& slot, const Value& present) override {
    const Value before = input(slot);
    add_output(slot.names.present, present);
    return concat({before, present}, -2);
  }

  std::optional<Value> past(const Slot& slot) override { return input(slot); }
  void keep(const Slot& slot, const Value& next) override { add_output(slot.names.present, next); }

 private:
  Value input(const Slot& slot) {
    return add_input(slot.names.past, ov::element::f32, shape_of(slot.state, 1, capacity_ - 1));
  }
  std::optional<Value> causal() const override { return std::nullopt; }
  std::optional<std::int64_t> capacity() const override { return capacity_; }

  std::int64_t capacity_;
};

}  // namespace

std::unique_ptr<Form> decode_form(std::int64_t capacity) {
  return std::make_unique<DecodeForm>(capacity);
}

}  // namespace ovbake
