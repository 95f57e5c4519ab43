// Everything that is found wrong, so that one run tells all of it.
#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <spdlog/fmt/fmt.h>

namespace ovbake {

/// Threads may add at once.
class Faults {
 public:
  /// A fault is one sentence without its full stop; the first `kListed` of them are kept.
  template <typename... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    add_text(fmt::format(format, std::forward<Args>(args)...));
  }
  void add_text(std::string fault);

  /// Those that are kept, sorted.
  std::vector<std::string> list() const;

  /// Throws a verification error that lists the faults of `folder`, if there are any.
  void throw_if_any(const std::filesystem::path& folder) const;

 private:
  static constexpr std::size_t kListed = 15;

  mutable std::mutex mutex_;
  std::vector<std::string> listed_;
  std::size_t count_ = 0;
};

}  // namespace ovbake
