// A file on the hub as bytes that can be read at any offset; nothing of it touches the disk.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "base/random_access.hpp"
#include "hub/readahead.hpp"

namespace ovbake {

/// What the remote files of one model share.
struct RemoteModel {
  /// `on_wait` is called about ten times a second by each thread that waits for bytes; what it
  /// throws, the read throws.
  RemoteModel(HubSettings with, std::function<void()> on_wait)
      : settings(std::move(with)), waiting(std::move(on_wait)), readahead(settings, waiting) {}

  HubSettings settings;
  std::function<void()> waiting;
  std::atomic<bool> stop = false;
  std::mutex mutex;
  HubClient client{settings, stop};  ///< For what nobody expected; needs the mutex.
  Readahead readahead;
};

/// What was expected comes through the readahead; anything else, such as a header, is asked for by
/// itself, in blocks that grow.
class RemoteFile final : public RandomAccess {
 public:
  RemoteFile(std::shared_ptr<RemoteModel> remote, const HubModel& model, const HubFile& file);

  std::string name() const override { return source_->name(); }
  std::uint64_t size() const noexcept override { return source_->file().size; }
  std::string fingerprint() const override { return source_->file().etag(); }
  void read(std::uint64_t offset, std::span<std::byte> into) const override;
  void expect(std::span<const ByteRange> ranges) const override;
  /// Throws an input error where what was streamed does not have the digest that the hub lists.
  void require_unchanged() const override;

 private:
  void fetch_block(std::uint64_t offset, std::uint64_t bytes) const;

  std::shared_ptr<RemoteModel> remote_;
  std::shared_ptr<HubSource> source_;
  mutable std::shared_ptr<Readahead::Pass> pass_;
  mutable std::vector<std::byte> block_;
  mutable ByteRange block_range_;
};

}  // namespace ovbake
