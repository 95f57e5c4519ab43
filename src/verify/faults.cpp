#include "verify/faults.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/system_error.hpp"

namespace ovbake {

void Faults::add_text(std::string fault) {
  fault = printable(fault);
  const std::lock_guard lock(mutex_);
  ++count_;
  if (listed_.size() < kListed) listed_.push_back(std::move(fault));
}

std::vector<std::string> Faults::list() const {
  const std::lock_guard lock(mutex_);
  auto sorted = listed_;
  std::ranges::sort(sorted);
  return sorted;
}

void Faults::throw_if_any(const std::filesystem::path& folder) const {
  if (count_ == 0) return;
  std::string lines;
  for (const auto& fault : list()) lines += fmt::format("\n  - {}", fault);
  if (count_ > listed_.size()) lines += fmt::format("\n  - and {} more", count_ - listed_.size());
  throw error_with_list(ErrorCode::verification,
                        "{} is not what its bake.json says, so bake it again; {} {} found:{}",
                        escape(folder.string()), count_, count_ == 1 ? "fault was" : "faults were",
                        lines);
}

}  // namespace ovbake
