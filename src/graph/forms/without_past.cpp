// A whole sequence at a time, and nothing is kept of it.
#include "graph/forms/open_form.hpp"

namespace ovbake {
namespace {

class WithoutPastForm final : public OpenForm {
 public:
  Value extend(const Slot& /*slot*/, const Value& present) override { return present; }
  std::optional<Value> past(const Slot& /*slot*/) override { return std::nullopt; }
  void keep(const Slot& /*slot*/, const Value& /*next*/) override {}
};

}  // namespace

std::unique_ptr<Form> without_past_form() { return std::make_unique<WithoutPastForm>(); }

}  // namespace ovbake
