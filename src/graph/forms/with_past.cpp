// Keys and values of the past are inputs, those of past and present outputs: what optimum-cli makes
// with --disable-stateful.
#include "graph/forms/open_form.hpp"

namespace ovbake {
namespace {

class WithPastForm final : public OpenForm {
 public:
  Value extend(const CacheEntry& entry, const Value& present) override {
    const Value past =
        add_input(entry.past_name(), ov::element::f32, {-1, entry.heads, -1, entry.head_dim});
    Value all = concat({past, present}, -2);
    add_output(entry.present_name(), all);
    return all;
  }

  std::optional<Value> carry(const CacheEntry& entry, const NextState& next) override {
    const Value past = add_input(entry.past_name(), ov::element::f32,
                                 {-1, entry.heads, entry.head_dim, entry.head_dim});
    add_output(entry.present_name(), next(past));
    return past;
  }
};

}  // namespace

std::unique_ptr<Form> with_past_form() { return std::make_unique<WithPastForm>(); }

}  // namespace ovbake
