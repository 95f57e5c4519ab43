// Waiting for the hub such that whoever waits can be told to stop.
#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <future>

#include "base/stop.hpp"
#include "hub/http.hpp"

namespace ovbake {

inline constexpr std::chrono::milliseconds kWatchEvery{100};

/// Runs `work` on a thread of its own and calls `watch` every kWatchEvery until it ends. What
/// `watch` throws sets `stop` and is thrown on as soon as the work has seen that.
template <typename Work, typename Watch>
auto watched(const Work& work, const Watch& watch, std::atomic<bool>& stop) {
  auto result = std::async(std::launch::async, [&] {
    const StopScope scope([&] {
      if (stop) throw Stopped();
    });
    return work();
  });
  try {
    while (result.wait_for(kWatchEvery) != std::future_status::ready) watch();
  } catch (...) {
    stop = true;
    result.wait();
    throw;
  }
  return result.get();
}

}  // namespace ovbake
