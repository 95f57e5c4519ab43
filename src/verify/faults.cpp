#include "verify/faults.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace ovbake {

void Faults::add_text(std::string fault) {
  // Names of strangers must not steer a terminal.
  std::ranges::replace_if(
      fault, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  const std::lock_guard lock(mutex_);
  ++count_;
  if (listed_.size() < kListed) listed_.push_back(std::move(fault));
}

void Faults::throw_if_any(const std::filesystem::path& folder) const {
  const std::lock_guard lock(mutex_);
  if (count_ == 0) return;
  auto sorted = listed_;
  std::ranges::sort(sorted);
  std::string list;
  for (const auto& fault : sorted) list += fmt::format("\n  - {}", fault);
  if (count_ > listed_.size()) list += fmt::format("\n  - and {} more", count_ - listed_.size());
  throw verification_error("{} is not what its bake.json says, so bake it again; {} {} found:{}",
                           folder.string(), count_, count_ == 1 ? "fault was" : "faults were",
                           list);
}

}  // namespace ovbake
