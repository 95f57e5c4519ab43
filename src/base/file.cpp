#include "base/file.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/system_calls.hpp"
#include "base/system_error.hpp"

namespace ovbake {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

std::string identity_of(const struct stat& status) {
  return fmt::format("{}:{}", status.st_dev, status.st_ino);
}

/// Another one for another file, and for the same one once anything was done to it.
std::string fingerprint_of(const struct stat& status) {
  return fmt::format("{}:{}:{}:{}", identity_of(status), status.st_size,
                     nanoseconds(status.st_mtim), nanoseconds(status.st_ctim));
}

}  // namespace

Descriptor Descriptor::open(const std::filesystem::path& path, int flags) noexcept {
  int number;
  do {
    number = system_calls().open(path.c_str(), flags | O_CLOEXEC, 0666);
  } while (number < 0 && errno == EINTR);
  return Descriptor(number);
}

Descriptor::~Descriptor() {
  if (number_ >= 0) system_calls().close(number_);
}

bool Descriptor::is_at(const std::filesystem::path& path) const noexcept {
  struct stat open {};
  struct stat named {};
  return ::fstat(number_, &open) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

File::File(std::filesystem::path path, Descriptor descriptor, const struct stat& status)
    : path_(std::move(path)),
      descriptor_(std::move(descriptor)),
      size_(static_cast<std::uint64_t>(status.st_size)),
      identity_(identity_of(status)),
      fingerprint_(fingerprint_of(status)) {}

File File::open(const std::filesystem::path& path) {
  Descriptor descriptor = Descriptor::open(path, O_RDONLY | O_NONBLOCK);
  if (descriptor.number() < 0) {
    throw system_error(errno, fmt::format("{} cannot be read", path.string()));
  }
  struct stat status {};
  if (::fstat(descriptor.number(), &status) != 0) {
    throw environment_error("{} cannot be examined: {}.", path.string(), reason(errno));
  }
  if (!S_ISREG(status.st_mode)) {
    throw input_error("{} is not a regular file; a file with this name is needed.", path.string());
  }
  return {path, std::move(descriptor), status};
}

void File::require_unchanged() const { ovbake::require_unchanged(path_, fingerprint_); }

void File::read(std::uint64_t offset, std::span<std::byte> into) const {
  while (!into.empty()) {
    const ssize_t got = system_calls().pread(descriptor_.number(), into.data(), into.size(),
                                             static_cast<off_t>(offset));
    if (got < 0) {
      if (errno == EINTR) continue;
      throw environment_error("{} cannot be read at byte {}: {}.", path_.string(), offset,
                              reason(errno));
    }
    if (got == 0) {
      throw input_error(
          "{} ends at byte {} although it had {} bytes when it was opened; something changed it "
          "during the bake, so run again once it is complete.",
          path_.string(), offset, size_);
    }
    offset += static_cast<std::uint64_t>(got);
    into = into.subspan(static_cast<std::size_t>(got));
  }
}

void File::drop_from_cache(const ByteRange& range) const {
  ::posix_fadvise(descriptor_.number(), static_cast<off_t>(range.begin),
                  static_cast<off_t>(range.bytes()), POSIX_FADV_DONTNEED);
}

NewFile::NewFile(std::filesystem::path path, Descriptor descriptor)
    : path_(std::move(path)), descriptor_(std::move(descriptor)) {}

NewFile NewFile::create(const std::filesystem::path& path) {
  Descriptor descriptor = Descriptor::open(path, O_WRONLY | O_CREAT | O_EXCL);
  if (descriptor.number() < 0) {
    throw environment_error("{} cannot be created: {}.", path.string(), reason(errno));
  }
  return {path, std::move(descriptor)};
}

NewFile NewFile::take_over(const std::filesystem::path& path, std::uint64_t bytes) {
  Descriptor descriptor = Descriptor::open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
  struct stat status {};
  if (descriptor.number() < 0 || ::fstat(descriptor.number(), &status) != 0) {
    throw environment_error("{} cannot be taken over: {}; remove it.", path.string(),
                            reason(errno));
  }
  const auto length = static_cast<off_t>(bytes);
  if (!S_ISREG(status.st_mode) ||
      (status.st_size > length && system_calls().ftruncate(descriptor.number(), length) != 0)) {
    throw environment_error("{} cannot be taken over; remove it.", path.string());
  }
  return {path, std::move(descriptor)};
}

void NewFile::preallocate(std::uint64_t bytes) {
  if (bytes == 0) return;
  const auto length = static_cast<off_t>(bytes);
  int result;
  do {
    result = system_calls().fallocate(descriptor_.number(), length);
    // A file system that cannot reserve blocks gives them, or says that it has none, on writing.
    if (result != 0 && errno == EOPNOTSUPP) {
      result = system_calls().ftruncate(descriptor_.number(), length);
    }
  } while (result != 0 && errno == EINTR);
  if (result != 0) {
    throw environment_error("{} cannot be given {} bytes of disk space: {}.", path_.string(), bytes,
                            reason(errno));
  }
}

void NewFile::write(std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = system_calls().pwrite(descriptor_.number(), bytes.data(), bytes.size(),
                                              static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      throw environment_error("{} cannot be written at byte {}: {}.", path_.string(), offset,
                              put == 0 ? "the disk takes no more" : reason(errno));
    }
    offset += static_cast<std::uint64_t>(put);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}

void NewFile::sync() {
  int result;
  do {
    result = system_calls().fsync(descriptor_.number());
  } while (result != 0 && errno == EINTR);
  if (result != 0) {
    throw environment_error("{} cannot be flushed to the disk: {}.", path_.string(), reason(errno));
  }
}

std::string NewFile::identity() const {
  struct stat status {};
  if (::fstat(descriptor_.number(), &status) != 0) {
    throw environment_error("{} cannot be examined: {}.", path_.string(), reason(errno));
  }
  return identity_of(status);
}

void require_unchanged(const std::filesystem::path& path, std::string_view fingerprint) {
  struct stat now {};
  const bool is_there = system_calls().stat(path.c_str(), &now) == 0;
  if (!is_there && errno != ENOENT && errno != ENOTDIR) {
    throw environment_error("{} cannot be examined: {}.", path.string(), reason(errno));
  }
  if (is_there && fingerprint_of(now) == fingerprint) return;
  throw input_error(
      "{} was changed while it was being read; run again once nothing writes to it any more.",
      path.string());
}

void for_each_piece(const File& file,
                    const std::function<void(std::span<const std::byte>)>& visit) {
  constexpr std::uint64_t kPiece = 1 << 20;
  std::vector<std::byte> buffer(static_cast<std::size_t>(std::min(kPiece, file.size())));
  for_each_piece(file, {0, file.size()}, buffer, visit);
}

std::string read_text(const File& file, std::uint64_t max_bytes) {
  if (file.size() > max_bytes) {
    throw input_error("{} has {} bytes; no more than {} make sense for it.", file.name(),
                      file.size(), max_bytes);
  }
  std::string text;
  text.reserve(file.size() + kTextPadding);
  text.resize(file.size());
  file.read(0, std::as_writable_bytes(std::span(text)));
  return text;
}

std::string read_text(const std::filesystem::path& path, std::uint64_t max_bytes) {
  return read_text(File::open(path), max_bytes);
}

void write_text(const std::filesystem::path& path, std::string_view text) {
  NewFile file = NewFile::create(path);
  file.write(0, std::as_bytes(std::span(text)));
}

}  // namespace ovbake
