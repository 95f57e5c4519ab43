// The stages of a bake: their times, and the progress that is reported within them.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <ovbake/ovbake.hpp>

namespace ovbake {

class Stages {
 public:
  explicit Stages(const ProgressCallback& progress) : progress_(progress) {}

  /// Ends the stage before and begins `stage`, or goes on with it.
  void begin(std::string_view stage);
  /// Ends the last stage and returns the time of each.
  std::vector<StageTime> end();

  /// Reports `state` as progress of the current stage, from any thread. Throws
  /// ErrorCode::interrupted where the callback asks to stop.
  void report(Progress state);
  /// Reports the last state once more: while nothing moves the callback can still ask to stop.
  void report_waiting();

 private:
  using Clock = std::chrono::steady_clock;

  void call(const Progress& state) const;

  const ProgressCallback& progress_;
  std::mutex mutex_;
  Progress last_;  ///< Without the item, which is told once.
  std::vector<StageTime> done_;
  std::string current_;
  Clock::time_point since_;
};

}  // namespace ovbake
