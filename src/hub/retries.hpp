// When to try again, how long to wait before that, and when to give up.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

#include <ovbake/error.hpp>

#include "hub/http.hpp"

namespace ovbake {

/// The hub gave no useful answer this time, but may at another.
struct HubUnreachable : Error {
  using Error::Error;
};

/// Whether the same request may be answered differently a moment later.
bool may_pass(long status);

/// The Retry-After of an answer, be it seconds or a date.
std::optional<std::chrono::seconds> retry_after(const HttpHead& head);

/// The tries of one transfer. What brings it forward makes it as good as new.
class Retries {
 public:
  explicit Retries(const std::atomic<bool>& stop) : stop_(stop) {}

  void progressed() noexcept { failures_ = 0; }

  /// Waits before the next try, twice as long each time or as long as the server asked. Throws
  /// HubUnreachable, saying `what` failed for which `reason`, after five failures in a row or where
  /// the server asks for more than five minutes; Stopped where it is told to.
  void wait(const std::string& what, const std::string& reason,
            std::optional<std::chrono::seconds> asked = {});

 private:
  const std::atomic<bool>& stop_;
  int failures_ = 0;
};

}  // namespace ovbake
