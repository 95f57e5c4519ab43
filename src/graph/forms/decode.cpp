// One token after a past of fixed capacity; the host keeps the cache and gets this token's keys and
// values to put into it.
#include "graph/form.hpp"

namespace ovbake {
namespace {

class DecodeForm final : public Form {
 public:
  explicit DecodeForm(std::int64_t capacity) : Form({1, 1}, {1, capacity}), capacity_(capacity) {}

  Value extend(const CacheEntry& entry, const Value& present) override {
    const Value past = add_input(entry.past_name(), ov::element::f32,
                                 {1, entry.heads, capacity_ - 1, entry.head_dim});
    add_output(entry.present_name(), present);
    return concat({past, present}, -2);
  }

  std::optional<Value> carry(const CacheEntry& entry, const NextState& next) override {
    const Value past = add_input(entry.past_name(), ov::element::f32,
                                 {1, entry.heads, entry.head_dim, entry.head_dim});
    add_output(entry.present_name(), next(past));
    return past;
  }

 private:
  std::optional<Value> causal() const override { return std::nullopt; }
  std::optional<std::int64_t> capacity() const override { return capacity_; }

  std::int64_t capacity_;
};

}  // namespace

std::unique_ptr<Form> decode_form(std::int64_t capacity) {
  return std::make_unique<DecodeForm>(capacity);
}

}  // namespace ovbake
