#include "hub/remote_file.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "hub/refusal.hpp"
#include "hub/watched.hpp"

namespace ovbake {
namespace {

/// Holds the whole header of most shards of large models.
constexpr std::uint64_t kFirstBlockBytes = 8 << 10;

}  // namespace

RemoteFile::RemoteFile(std::shared_ptr<RemoteModel> remote, const HubModel& model,
                       const HubFile& file)
    : remote_(std::move(remote)),
      source_(std::make_shared<HubSource>(remote_->settings, model, file)) {}

void RemoteFile::read(std::uint64_t offset, std::span<std::byte> into) const {
  if (pass_) return remote_->readahead.read(*pass_, offset, into);
  const std::lock_guard lock(remote_->mutex);
  while (!into.empty()) {
    if (offset < block_range_.begin || offset >= block_range_.end) fetch_block(offset, into.size());
    const std::uint64_t bytes = std::min<std::uint64_t>(into.size(), block_range_.end - offset);
    std::memcpy(into.data(), block_.data() + (offset - block_range_.begin), bytes);
    into = into.subspan(bytes);
    offset += bytes;
  }
}

void RemoteFile::fetch_block(std::uint64_t offset, std::uint64_t bytes) const {
  if (offset >= size()) {
    throw input_error("{} ends at byte {}, before what is needed of it.", name(), size());
  }
  const std::uint64_t wanted = std::max({bytes, kFirstBlockBytes, 2 * block_range_.bytes()});
  block_range_ = {};
  block_.clear();
  const ByteRange range{offset, std::min(size(), offset + wanted)};
  const TakeBody take = [&](std::span<const std::byte> piece) {
    block_.insert(block_.end(), piece.begin(), piece.end());
  };
  watched([&] { remote_->client.get_bytes(*source_, range, take); }, remote_->waiting,
          remote_->stop);
  block_range_ = range;
}

void RemoteFile::expect(std::span<const ByteRange> ranges) const {
  if (pass_) require_unchanged();
  std::vector<std::byte>().swap(block_);
  block_range_ = {};
  if (!ranges.empty()) pass_ = remote_->readahead.begin(source_, ranges);
}

void RemoteFile::require_unchanged() const {
  if (!pass_) return;
  const std::shared_ptr<Readahead::Pass> pass = std::exchange(pass_, nullptr);
  if (!remote_->readahead.finish(*pass)) throw damaged(*source_);
}

}  // namespace ovbake
