// A whole prompt at once, left-padded to a fixed length; its keys, values and states are outputs.
#include <numeric>

#include <openvino/op/less_eq.hpp>

#include "graph/form.hpp"

namespace ovbake {
namespace {

class PrefillForm final : public Form {
 public:
  PrefillForm(std::int64_t length, bool last_logits_only)
      : Form({1, length}, {1, length}), length_(length), last_logits_only_(last_logits_only) {}

  Value extend(const Slot& slot, const Value& present) override {
    keep(slot, present);
    return present;
  }

  std::optional<Value> past(const Slot& /*slot*/) override { return std::nullopt; }
  void keep(const Slot& slot, const Value& next) override { add_output(slot.names.present, next); }

  Value rows_with_logits(const Value& hidden) const override {
    return last_logits_only_ ? slice(hidden, length_ - 1, length_, 1) : hidden;
  }

 private:
  std::optional<Value> causal() const override {
    std::vector<std::int64_t> slots(static_cast<std::size_t>(length_));
    std::iota(slots.begin(), slots.end(), 0);
    const Value slot = vector_i64(slots);
    return make<ov::op::v1::LessEqual>(slot, unsqueeze(slot, 1));
  }
  std::optional<std::int64_t> capacity() const override { return length_; }

  std::int64_t length_;
  bool last_logits_only_;
};

}  // namespace

std::unique_ptr<Form> prefill_form(std::int64_t max_prompt_len, bool last_logits_only) {
  return std::make_unique<PrefillForm>(max_prompt_len, last_logits_only);
}

}  // namespace ovbake
