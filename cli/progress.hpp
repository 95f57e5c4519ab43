// Long work as it is watched: a bar on a terminal, a line every few seconds elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <ovbake/ovbake.hpp>

namespace ovbake::cli {

class ProgressDisplay {
 public:
  ProgressDisplay();   ///< Catches signals from now on, for callback().
  ~ProgressDisplay();  ///< Takes the bar away.
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  /// For the library: shows every step, and asks it to stop once a signal came. Must not outlive
  /// the display.
  ProgressCallback callback();

 private:
  using Clock = std::chrono::steady_clock;

  void show(const Progress& progress);
  void draw(const std::string& line);
  void clear();

  const bool terminal_;
  bool drawn_ = false;
  std::string stage_;
  Clock::time_point stage_start_{}, last_shown_{};
};

/// "weights [=====>          ] 120/291 tensors, 1.20/14.48 GB, 3.11 GB/s, 5 s left", the bar
/// `bar_width` characters wide, or none for 0.
std::string progress_line(const Progress& progress, double seconds, int bar_width);

}  // namespace ovbake::cli
