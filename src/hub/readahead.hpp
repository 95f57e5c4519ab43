// Files on the hub, fetched in the order of their bytes and a little ahead of the reader: memory
// stays within a window, and a file's digest is taken on the way. What readers need from far behind
// the window, such as the scales of blocks that lie in it, is fetched for them, and once more in
// its turn.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "base/random_access.hpp"
#include "hub/client.hpp"
#include "hub/content_hash.hpp"

namespace ovbake {

class Readahead {
 public:
  /// `waiting` is called every kWatchEvery by each thread that waits; what it throws is thrown on.
  Readahead(HubSettings settings, std::function<void()> waiting);
  ~Readahead();
  Readahead(const Readahead&) = delete;
  Readahead& operator=(const Readahead&) = delete;

  /// One reading of one file, from its first byte to its last.
  class Pass;

  /// Begins a pass behind those that were begun before. Of `source`, `ranges` will be read.
  std::shared_ptr<Pass> begin(std::shared_ptr<HubSource> source, std::span<const ByteRange> ranges);

  /// Waits for the bytes of an expected range; each of them can be read once.
  void read(Pass& pass, std::uint64_t offset, std::span<std::byte> into);

  /// Waits until all of the file has come. Returns whether it has the digest that the hub lists.
  bool finish(Pass& pass);

 private:
  struct Segment;

  void work();
  /// What to fetch now; null while the window is full or nothing is left. Needs the lock, as do all
  /// that follow.
  std::shared_ptr<Pass> next_segment(std::size_t& index);
  /// What to fetch before its turn; null where no reader waits for any such segment.
  std::shared_ptr<Pass> wanted_segment(std::size_t& index);
  void hash_what_has_come(Pass& pass, std::unique_lock<std::mutex>& lock);
  void forget_if_done(Segment& segment);
  /// Waits until `condition` holds; throws why it never will.
  template <typename Condition>
  void wait(std::unique_lock<std::mutex>& lock, const Condition& condition);

  const HubSettings settings_;
  const std::function<void()> waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Pass>> passes_;  ///< That have something left to fetch.
  std::list<std::pair<std::shared_ptr<Pass>, std::size_t>> wanted_;  ///< By readers that wait.
  std::uint64_t held_bytes_ = 0;
  std::vector<std::vector<std::byte>>
      spare_;  ///< Buffers, used again: they would fragment the heap.
  std::exception_ptr failure_;
  std::atomic<bool> stop_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace ovbake
