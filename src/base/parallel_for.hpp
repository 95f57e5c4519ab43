// A loop whose steps run on several threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "base/stop.hpp"

namespace ovbake {

/// So many threads as were asked for, 0 meaning all cores; no machine gains by more than the most,
/// and each takes buffers of its own.
inline unsigned usable_threads(unsigned asked) {
  constexpr unsigned kMost = 256;
  return std::min(asked == 0 ? std::max(1U, std::thread::hardware_concurrency()) : asked, kMost);
}

/// Calls body(index, worker) for every index in [0, count), beginning them in increasing order, on
/// at most `threads` threads of which the caller's is one. `worker` < threads tells them apart, so
/// that each can have its own buffers. When a call throws, no further index is begun; once every
/// thread has come to rest the exception of the lowest index is rethrown, which is the same one
/// whatever the threads. Before each call it is asked whether to stop. Where the system refuses
/// more threads the loop goes on with those it has.
template <typename Body>
void parallel_for(std::size_t count, unsigned threads, const Body& body) {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> stop = false;
  std::mutex mutex;
  std::size_t first_failed = count;
  std::exception_ptr first_error;

  const auto work = [&, scope = StopScope::current()](unsigned worker) noexcept {
    const JoinedStopScope joined(scope);
    while (!stop) {
      const std::size_t index = next++;
      if (index >= count) return;
      try {
        check_stop();
        body(index, worker);
      } catch (...) {
        stop = true;
        const std::lock_guard lock(mutex);
        if (index < first_failed) {
          first_failed = index;
          first_error = std::current_exception();
        }
      }
    }
  };

  {
    const auto wanted = static_cast<unsigned>(std::min<std::size_t>(threads, count));
    std::vector<std::jthread> others;
    others.reserve(wanted);
    try {
      for (unsigned worker = 1; worker < wanted; ++worker) others.emplace_back(work, worker);
    } catch (const std::system_error&) {
    }
    work(0);
  }
  if (first_error) std::rethrow_exception(first_error);
}

}  // namespace ovbake
