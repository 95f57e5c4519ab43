// A whole sequence at a time, and nothing is kept of it.
#include "graph/forms/open_form.hpp"

namespace ovbake {
namespace {

class WithoutPastForm final : public OpenForm {
 public:
  Value extend(const CacheEntry&, const Value& present) override { return present; }

  std::optional<Value> carry(const CacheEntry&, const NextState&) override { return std::nullopt; }
};

}  // namespace

std::unique_ptr<Form> without_past_form() { return std::make_unique<WithoutPastForm>(); }

}  // namespace ovbake
