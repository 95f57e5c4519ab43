#include "baking/stages.hpp"

#include <utility>

namespace ovbake {

void Stages::begin(std::string_view stage) {
  if (stage != current_) {
    end();
    current_ = stage;
    since_ = Clock::now();
  }
  report({});
}

std::vector<StageTime> Stages::end() {
  if (!current_.empty()) {
    const std::chrono::duration<double> seconds = Clock::now() - since_;
    done_.push_back({.stage = std::exchange(current_, {}), .seconds = seconds.count()});
  }
  return done_;
}

void Stages::report(Progress state) {
  const std::lock_guard lock(mutex_);
  state.stage = current_;
  call(state);
  last_ = state;
  last_.item = {};
}

void Stages::report_waiting() {
  const std::lock_guard lock(mutex_);
  call(last_);
}

void Stages::call(const Progress& state) const {
  if (progress_ && !progress_(state)) {
    throw Error(ErrorCode::interrupted, "Stopped on request.");
  }
}

}  // namespace ovbake
