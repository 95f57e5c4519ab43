// The system calls by which files are read, written and renamed: all of the project's go through
// here, so that a test can make any of them fail, stop half-way, or be the last one before a crash.
#pragma once

#include <cstddef>

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>

namespace ovbake {

/// Each function is the system call of its name, with its result and errno. Safe to call from
/// several threads.
class SystemCalls {
 public:
  virtual ~SystemCalls() = default;

  virtual int open(const char* path, int flags, mode_t mode);
  virtual int close(int file);
  virtual ssize_t pread(int file, void* into, std::size_t bytes, off_t offset);
  virtual ssize_t pwrite(int file, const void* from, std::size_t bytes, off_t offset);
  virtual int fallocate(int file, off_t bytes);
  virtual int ftruncate(int file, off_t bytes);
  virtual int fsync(int file);
  virtual int flock(int file, int operation);
  virtual int mkdir(const char* path, mode_t mode);
  virtual int symlink(const char* target, const char* path);
  virtual int rename(const char* from, const char* to);
  /// renameat2 with RENAME_EXCHANGE.
  virtual int exchange(const char* a, const char* b);
  virtual int unlink(const char* path);
  virtual int rmdir(const char* path);
  virtual int stat(const char* path, struct stat* status);
  virtual int statvfs(const char* path, struct statvfs* status);
};

/// The operating system's, unless a ReplacedSystemCalls lives.
SystemCalls& system_calls() noexcept;

/// For tests: lets `calls` answer in place of the operating system while the object lives.
class ReplacedSystemCalls {
 public:
  explicit ReplacedSystemCalls(SystemCalls& calls) noexcept;
  ~ReplacedSystemCalls();
  ReplacedSystemCalls(const ReplacedSystemCalls&) = delete;
  ReplacedSystemCalls& operator=(const ReplacedSystemCalls&) = delete;

 private:
  SystemCalls* previous_;
};

}  // namespace ovbake
