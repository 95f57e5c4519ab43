// The stages of a bake: their times, and the progress that is reported within them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <ovbake/ovbake.hpp>

namespace ovbake {

class Stages {
 public:
  explicit Stages(const ProgressCallback& progress) : progress_(progress) {}

  /// Ends the stage before and begins `stage`.
  void begin(std::string_view stage);
  /// Ends the last stage and returns the time of each.
  std::vector<StageTime> end();

  /// Reports `state` as progress of the current stage. Throws ErrorCode::interrupted where the
  /// callback asks to stop.
  void report(Progress state);

 private:
  using Clock = std::chrono::steady_clock;

  const ProgressCallback& progress_;
  std::vector<StageTime> done_;
  std::string current_;
  Clock::time_point since_;
};

}  // namespace ovbake
