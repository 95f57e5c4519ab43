// Files, split by what may be done to them: a File can only be read, a NewFile is one that nobody
// reads yet. Nothing here maps a file into memory and nothing opens a file of a finished output for
// writing, so neither this program nor a reader of its output can be hit by SIGBUS.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/random_access.hpp"

struct stat;

namespace ovbake {

/// Owns a POSIX file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) noexcept : number_(number) {}
  /// open(2) with O_CLOEXEC; a negative number() and errno where it fails.
  static Descriptor open(const std::filesystem::path& path, int flags) noexcept;
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  int number() const noexcept { return number_; }
  /// Whether `path` still names the file. Whoever removes the file of a lock takes the lock with
  /// it.
  bool is_at(const std::filesystem::path& path) const noexcept;

 private:
  int number_;
};

/// A regular file opened for reading. Reads are positional, so threads may share one object.
class File final : public RandomAccess {
 public:
  /// Throws an input error where `path` is no readable regular file.
  static File open(const std::filesystem::path& path);

  const std::filesystem::path& path() const noexcept { return path_; }
  std::string name() const override { return path_.string(); }
  /// Bytes in the file when it was opened.
  std::uint64_t size() const noexcept override { return size_; }

  /// Fills `into` from `offset`. Throws an input error where the file ends before that, which means
  /// that it shrank since it was opened.
  void read(std::uint64_t offset, std::span<std::byte> into) const override;

  /// Throws an input error where the path names another file by now, or where size or a time of the
  /// file are not what they were on opening.
  void require_unchanged() const override;

  /// Device and inode: the same under another name, another for every other file.
  const std::string& identity() const noexcept { return identity_; }
  /// Device, inode, size, time of modification and of change.
  std::string fingerprint() const override { return fingerprint_; }

  void drop_from_cache(const ByteRange& range) const override;

 private:
  File(std::filesystem::path path, Descriptor descriptor, const struct stat& status);

  std::filesystem::path path_;
  Descriptor descriptor_;
  std::uint64_t size_;
  std::string identity_;
  std::string fingerprint_;
};

/// A file that did not exist before, or that a killed process left unfinished. Writes are
/// positional, so threads may share one object as long as their ranges do not overlap.
class NewFile {
 public:
  /// Throws an environment error where `path` exists already or cannot be created.
  static NewFile create(const std::filesystem::path& path);
  /// Opens what a killed process left at `path`, a regular file and no link, and cuts off what lies
  /// behind `bytes` bytes. Throws an environment error where it cannot.
  static NewFile take_over(const std::filesystem::path& path, std::uint64_t bytes);

  const std::filesystem::path& path() const noexcept { return path_; }

  /// Reserves disk blocks for `bytes` bytes and makes the file that long.
  void preallocate(std::uint64_t bytes);
  void write(std::uint64_t offset, std::span<const std::byte> bytes);
  /// Returns once the data is on the disk (fsync).
  void sync();

  /// As File's.
  std::string identity() const;

 private:
  NewFile(std::filesystem::path path, Descriptor descriptor);

  std::filesystem::path path_;
  Descriptor descriptor_;
};

/// Passes the whole file to `visit`, piece after piece of at most 1 MiB.
void for_each_piece(const File& file, const std::function<void(std::span<const std::byte>)>& visit);

/// The most that a chat template may have, whoever reads it.
inline constexpr std::uint64_t kMaxChatTemplateBytes = 1 << 20;

/// Throws an input error where `path` names no file with this fingerprint any more.
void require_unchanged(const std::filesystem::path& path, std::string_view fingerprint);

/// What the texts of read_text can grow by where they are: simdjson reads beyond the end.
inline constexpr std::size_t kTextPadding = 64;

/// Reads a whole small file. Throws an input error where it is larger than `max_bytes`.
std::string read_text(const File& file, std::uint64_t max_bytes);
std::string read_text(const std::filesystem::path& path, std::uint64_t max_bytes);

/// Creates `path` with `text` as its content.
void write_text(const std::filesystem::path& path, std::string_view text);

}  // namespace ovbake
