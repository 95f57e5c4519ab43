#include "stages.hpp"

#include <utility>

namespace ovbake {

void Stages::begin(std::string_view stage) {
  end();
  current_ = stage;
  since_ = Clock::now();
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
  state.stage = current_;
  if (progress_ && !progress_(state)) {
    throw Error(
        ErrorCode::interrupted,
        "Stopped on request; the unfinished output was removed and nothing else was touched.");
  }
}

}  // namespace ovbake
