// How long work is asked to stop, however deep it is: whoever begins it says whom to ask, and loops
// ask now and then.
#pragma once

#include <functional>

namespace ovbake {

/// While it lives, check_stop() on this thread, and on those of a parallel_for that this thread
/// begins, calls `ask`, whose exception ends the work. Within another one it replaces that.
class StopScope {
 public:
  explicit StopScope(std::function<void()> ask);
  ~StopScope();
  StopScope(const StopScope&) = delete;
  StopScope& operator=(const StopScope&) = delete;

  /// That of this thread; null where there is none.
  static const StopScope* current() noexcept;
  void ask() const { ask_(); }

 private:
  std::function<void()> ask_;
  const StopScope* previous_;
};

/// Lets a helper thread ask as the thread that it helps does.
class JoinedStopScope {
 public:
  explicit JoinedStopScope(const StopScope* scope) noexcept;
  ~JoinedStopScope();
  JoinedStopScope(const JoinedStopScope&) = delete;
  JoinedStopScope& operator=(const JoinedStopScope&) = delete;

 private:
  const StopScope* previous_;
};

/// Asks, at most twenty times a second for each thread, and throws what the answer throws.
void check_stop();

}  // namespace ovbake
