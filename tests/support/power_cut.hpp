// A disk that forgets, when the power goes, whatever was not flushed to it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "base/system_calls.hpp"

namespace ovbake {

/// Performs every system call and notes what fsync has made safe below `root`. After each call it
/// calls `after`, with the operating system's own calls in place, which may ask what a power cut at
/// this moment would leave.
class PowerCutSystem final : public SystemCalls {
 public:
  bool can_exchange = true;  ///< Whether the disk's file system exchanges names.

  /// Everything that is below `root` already counts as flushed.
  PowerCutSystem(std::filesystem::path root, std::function<void(const PowerCutSystem&)> after);

  /// Writes into `target` what is left where neither data nor names that were not flushed survive.
  void leave_flushed(const std::filesystem::path& target) const;
  /// Writes into `target` what is left where names survive at once, but no data that was not
  /// flushed.
  void leave_names(const std::filesystem::path& target) const;

  int open(const char* path, int flags, mode_t mode) override;
  ssize_t pwrite(int file, const void* from, std::size_t bytes, off_t offset) override;
  int fallocate(int file, off_t bytes) override;
  int fsync(int file) override;
  int mkdir(const char* path, mode_t mode) override;
  int symlink(const char* target, const char* path) override;
  int rename(const char* from, const char* to) override;
  int exchange(const char* a, const char* b) override;
  int unlink(const char* path) override;
  int rmdir(const char* path) override;

 private:
  using Inode = std::uint64_t;
  using Names = std::map<std::string, Inode>;

  int done(int result) const;
  Inode note(const std::filesystem::path& path);
  void flush(const std::filesystem::path& path);
  void flush_tree(const std::filesystem::path& path);
  Names names_in(const std::filesystem::path& folder);
  void write_flushed(Inode folder, const std::filesystem::path& target) const;
  void write_inode(Inode inode, const std::filesystem::path& target) const;

  std::filesystem::path root_;
  std::function<void(const PowerCutSystem&)> after_;
  std::map<Inode, std::filesystem::file_type> types_;
  std::map<Inode, std::string> data_;  ///< Flushed data of files, targets of links.
  std::map<Inode, Names> names_;       ///< Flushed names of folders.
  /// Keeps every inode that was seen from being given to another file.
  std::map<Inode, Descriptor> held_;
};

}  // namespace ovbake
