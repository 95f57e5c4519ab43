#include "progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <spdlog/fmt/fmt.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "console.hpp"
#include "interrupt.hpp"

namespace ovbake::cli {
namespace {

constexpr std::chrono::milliseconds kRedraw{80};
constexpr std::chrono::milliseconds kPlainLine{5000};
constexpr int kBarWidth = 16;

int terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// Whether stderr is a terminal on which a line can be drawn anew.
bool takes_escape_codes() {
  const char* kind = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): nothing sets it
  return isatty(STDERR_FILENO) == 1 && kind != nullptr && std::strcmp(kind, "dumb") != 0;
}

double gigabytes(std::uint64_t bytes) { return static_cast<double>(bytes) / 1e9; }

double share_done(const Progress& progress) {
  const auto ratio = [](std::uint64_t done, std::uint64_t total) {
    return std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  };
  if (progress.bytes_total > 0) return ratio(progress.bytes_done, progress.bytes_total);
  return progress.items_total > 0 ? ratio(progress.items_done, progress.items_total) : 0;
}

std::string bar(double share, int width) {
  const auto filled = static_cast<std::size_t>(share * width);
  std::string text(filled, '=');
  if (filled < static_cast<std::size_t>(width)) text += '>';
  text.resize(static_cast<std::size_t>(width), ' ');
  return fmt::format(" [{}]", text);
}

std::string time_left(double share, double seconds) {
  const auto left = static_cast<std::uint64_t>(std::ceil(seconds * (1 - share) / share));
  return left < 100 ? fmt::format("{} s left", left) : fmt::format("{} min left", (left + 59) / 60);
}

}  // namespace

std::string progress_line(const Progress& progress, double seconds, int bar_width) {
  const double share = share_done(progress);
  std::string line(progress.stage);
  if (bar_width > 0 && progress.items_total + progress.bytes_total > 0)
    line += bar(share, bar_width);
  if (progress.items_total > 0) {
    line += fmt::format(" {}/{} {}", progress.items_done, progress.items_total, progress.unit);
  }
  if (progress.bytes_total > 0) {
    line += fmt::format(", {:.2f}/{:.2f} GB", gigabytes(progress.bytes_done),
                        gigabytes(progress.bytes_total));
    if (seconds > 0) {
      line += fmt::format(", {:.2f} GB/s", gigabytes(progress.bytes_done) / seconds);
    }
  }
  if (share > 0 && share < 1) line += ", " + time_left(share, seconds);
  return line;
}

ProgressDisplay::ProgressDisplay() : terminal_(takes_escape_codes()) { catch_interrupts(); }

ProgressDisplay::~ProgressDisplay() { clear(); }

ProgressCallback ProgressDisplay::callback() {
  return [this](const Progress& progress) {
    show(progress);
    return interrupting_signal() == 0;
  };
}

void ProgressDisplay::show(const Progress& progress) {
  const auto now = Clock::now();
  const bool new_stage = progress.stage != stage_;
  if (new_stage) {
    stage_ = progress.stage;
    stage_start_ = now;
    if (!terminal_) last_shown_ = now;
  }
  if (!progress.item.empty()) {
    if (console().verbose) clear();
    detail(fmt::format("{}: {}", progress.stage, progress.item));
  }
  if (console().quiet) return;
  const double seconds = std::chrono::duration<double>(now - stage_start_).count();
  const bool stage_done = progress.items_total > 0 && progress.items_done == progress.items_total;
  if (terminal_ && (new_stage || now - last_shown_ >= kRedraw)) {
    draw(progress_line(progress, seconds, kBarWidth));
  } else if (!terminal_ && (stage_done || now - last_shown_ >= kPlainLine)) {
    note(progress_line(progress, seconds, 0));
  } else {
    return;
  }
  last_shown_ = now;
}

void ProgressDisplay::draw(const std::string& line) {
  const auto columns = static_cast<std::size_t>(terminal_columns() - 1);
  fmt::print(stderr, "\r\033[K{}", line.substr(0, columns));
  std::fflush(stderr);
  drawn_ = true;
}

void ProgressDisplay::clear() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace ovbake::cli
