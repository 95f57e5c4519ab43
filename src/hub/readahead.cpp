#include "hub/readahead.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "hub/watched.hpp"

namespace ovbake {
namespace {

constexpr unsigned kConnections = 4;
constexpr std::uint64_t kSegmentBytes = 4 << 20;
constexpr std::uint64_t kWindowSegments = 6;
constexpr std::uint64_t kWindowBytes = kWindowSegments * kSegmentBytes;

}  // namespace

struct Readahead::Segment {
  ByteRange range;
  std::uint64_t unread = 0;  ///< Expected bytes that nobody has read yet.
  std::vector<std::byte> bytes{};
  bool is_asked_for = false;
  bool is_early = false;  ///< Asked for before its turn, which is still to come.
  bool has_come = false;
  bool is_done = false;  ///< Needed for nothing but to be read.
  bool is_forgotten = false;
};

class Readahead::Pass : public std::enable_shared_from_this<Pass> {
 public:
  Pass(std::shared_ptr<HubSource> from, std::span<const ByteRange> ranges)
      : source(std::move(from)), hash(source->file()) {
    const std::uint64_t size = source->file().size;
    for (std::uint64_t begin = 0; begin < size; begin += kSegmentBytes) {
      segments.push_back({.range = {begin, std::min(size, begin + kSegmentBytes)}});
    }
    std::uint64_t wanted = 0;
    for (const ByteRange& range : ranges) {
      for_each_part(
          range, [](Segment& segment, const ByteRange& part) { segment.unread += part.bytes(); });
      wanted += range.bytes();
    }
    is_whole = 2 * wanted >= size;
  }

  /// Moves on to the next segment that is fetched: any that is not there yet, where the file's
  /// digest is taken. Returns whether there is one.
  bool find_next() {
    for (; !is_fetched(); ++next) {
      Segment& segment = segments[next];
      if (!segment.is_asked_for && (is_whole || segment.unread > 0)) return true;
      segment.is_early = false;
    }
    return false;
  }

  /// Calls visit(segment, part) for each segment that `range` touches and what it has of it.
  template <typename Visit>
  void for_each_part(const ByteRange& range, const Visit& visit) {
    for (std::uint64_t begin = range.begin; begin < range.end;) {
      Segment& segment = segments.at(index_of(begin));
      const ByteRange part{begin, std::min(range.end, segment.range.end)};
      visit(segment, part);
      begin = part.end;
    }
  }

  static std::size_t index_of(std::uint64_t offset) { return offset / kSegmentBytes; }

  bool is_fetched() const { return next == segments.size(); }
  bool is_hashed() const { return is_hashed_to(segments.size()); }
  bool is_hashed_to(std::size_t index) const { return !is_whole || next_to_hash >= index; }

  std::shared_ptr<HubSource> source;
  std::deque<Segment> segments;
  bool is_whole = true;  ///< So much of the file is read that its digest is taken too.
  std::size_t next = 0;  ///< To be fetched.
  ContentHash hash;
  std::size_t next_to_hash = 0;
  bool is_being_hashed = false;
};

Readahead::Readahead(HubSettings settings, std::function<void()> waiting)
    : settings_(std::move(settings)), waiting_(std::move(waiting)) {}

Readahead::~Readahead() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
}

template <typename Condition>
void Readahead::wait(std::unique_lock<std::mutex>& lock, const Condition& condition) {
  while (!changed_.wait_for(lock, kWatchEvery, [&] { return condition() || failure_; })) {
    lock.unlock();
    waiting_();
    lock.lock();
  }
  if (!condition()) std::rethrow_exception(failure_);
}

std::shared_ptr<Readahead::Pass> Readahead::begin(std::shared_ptr<HubSource> source,
                                                  std::span<const ByteRange> ranges) {
  auto pass = std::make_shared<Pass>(std::move(source), ranges);
  const std::lock_guard lock(mutex_);
  passes_.push_back(pass);
  while (threads_.size() < kConnections) threads_.emplace_back([this] { work(); });
  changed_.notify_all();
  return pass;
}

void Readahead::read(Pass& pass, std::uint64_t offset, std::span<std::byte> into) {
  pass.for_each_part({offset, offset + into.size()}, [&](Segment& segment, const ByteRange& part) {
    std::unique_lock lock(mutex_);
    if (segment.unread < part.bytes())
      throw std::logic_error("bytes are read that nobody expected");
    if (!segment.has_come) {
      wanted_.emplace_front(pass.shared_from_this(), Pass::index_of(part.begin));
      const auto wish = wanted_.begin();
      changed_.notify_all();
      wait(lock, [&] { return segment.has_come; });
      wanted_.erase(wish);
    }
    lock.unlock();
    std::memcpy(into.data() + (part.begin - offset),
                segment.bytes.data() + (part.begin - segment.range.begin), part.bytes());
    lock.lock();
    segment.unread -= part.bytes();
    forget_if_done(segment);
  });
}

bool Readahead::finish(Pass& pass) {
  std::unique_lock lock(mutex_);
  wait(lock, [&] { return pass.is_hashed(); });
  return !pass.is_whole || pass.hash.fits();
}

std::shared_ptr<Readahead::Pass> Readahead::next_segment(std::size_t& index) {
  while (!passes_.empty() && !passes_.front()->find_next()) passes_.pop_front();
  if (passes_.empty() || failure_) return {};
  std::shared_ptr<Pass> pass = passes_.front();
  index = pass->next;
  if (held_bytes_ + pass->segments[index].range.bytes() > kWindowBytes) {
    // What is still to be hashed leaves the window by itself.
    pass = pass->is_hashed_to(index) ? wanted_segment(index) : nullptr;
    if (!pass) return {};
    pass->segments[index].is_early = true;
  }
  pass->segments[index].is_asked_for = true;
  held_bytes_ += pass->segments[index].range.bytes();
  return pass;
}

std::shared_ptr<Readahead::Pass> Readahead::wanted_segment(std::size_t& index) {
  for (const auto& [pass, wanted] : wanted_) {
    index = wanted;
    if (!pass->segments[index].is_asked_for) return pass;
  }
  return {};
}

void Readahead::work() {
  std::unique_lock lock(mutex_);
  try {
    HubClient client(settings_, stop_);
    while (!stop_) {
      std::size_t index = 0;
      const std::shared_ptr<Pass> pass = next_segment(index);
      if (!pass) {
        changed_.wait(lock);
        continue;
      }
      Segment& segment = pass->segments[index];
      if (!spare_.empty()) {
        segment.bytes = std::move(spare_.back());
        segment.bytes.clear();
        spare_.pop_back();
      }
      lock.unlock();
      segment.bytes.reserve(kSegmentBytes);
      client.get_bytes(*pass->source, segment.range, [&](std::span<const std::byte> piece) {
        segment.bytes.insert(segment.bytes.end(), piece.begin(), piece.end());
      });
      lock.lock();
      segment.has_come = true;
      segment.is_done = !pass->is_whole;
      hash_what_has_come(*pass, lock);
      changed_.notify_all();
    }
  } catch (const Stopped&) {
  } catch (...) {
    if (!lock.owns_lock()) lock.lock();
    if (!failure_) failure_ = std::current_exception();
    changed_.notify_all();
  }
}

void Readahead::hash_what_has_come(Pass& pass, std::unique_lock<std::mutex>& lock) {
  if (pass.is_being_hashed) return;
  pass.is_being_hashed = true;
  while (!pass.is_hashed() && pass.segments[pass.next_to_hash].has_come) {
    changed_.notify_all();
    Segment& segment = pass.segments[pass.next_to_hash];
    segment.is_early = false;
    lock.unlock();
    pass.hash.update(segment.bytes);
    lock.lock();
    segment.is_done = true;
    pass.next_to_hash += 1;
    forget_if_done(segment);
  }
  pass.is_being_hashed = false;
}

void Readahead::forget_if_done(Segment& segment) {
  if (segment.unread > 0) return;
  if (!segment.is_done) {
    if (!std::exchange(segment.is_early, false)) return;
    segment.is_asked_for = segment.has_come = false;
  } else if (std::exchange(segment.is_forgotten, true)) {
    return;
  }
  if (spare_.size() < kWindowSegments) spare_.push_back(std::move(segment.bytes));
  segment.bytes = {};
  held_bytes_ -= segment.range.bytes();
  changed_.notify_all();
}

}  // namespace ovbake
