#include "base/stop.hpp"

#include <chrono>
#include <utility>

namespace ovbake {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kAskEvery{50};

thread_local const StopScope* current_scope = nullptr;
thread_local Clock::time_point last_asked{};

}  // namespace

StopScope::StopScope(std::function<void()> ask)
    : ask_(std::move(ask)), previous_(std::exchange(current_scope, this)) {}

StopScope::~StopScope() { current_scope = previous_; }

const StopScope* StopScope::current() noexcept { return current_scope; }

JoinedStopScope::JoinedStopScope(const StopScope* scope) noexcept
    : previous_(std::exchange(current_scope, scope)) {}

JoinedStopScope::~JoinedStopScope() { current_scope = previous_; }

void check_stop() {
  if (current_scope == nullptr) return;
  const Clock::time_point now = Clock::now();
  if (now - last_asked < kAskEvery) return;
  last_asked = now;
  current_scope->ask();
}

}  // namespace ovbake
