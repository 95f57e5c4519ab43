// System calls that go wrong when a test says so.
#pragma once

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/system_calls.hpp"

namespace ovbake {

/// Lets every system call pass `before` first: a function of the call's name and its number,
/// counted from 0, that returns an errno to fail with, or 0 to let it happen. `torn`: a read or
/// write moves at most that many bytes.
class FaultySystem final : public SystemCalls {
 public:
  using Before = std::function<int(std::string_view call, std::size_t number)>;

  explicit FaultySystem(Before before, std::size_t torn = ~std::size_t{0})
      : before_(std::move(before)), torn_(torn), replaced_(*this) {}

  /// Calls so far.
  std::size_t calls() const { return calls_; }

  int open(const char* path, int flags, mode_t mode) override {
    return fails("open") ? -1 : SystemCalls::open(path, flags, mode);
  }
  /// A failing close closes nevertheless, as Linux does.
  int close(int file) override {
    const bool failed = fails("close");
    const int result = SystemCalls::close(file);
    return failed ? -1 : result;
  }
  ssize_t pread(int file, void* into, std::size_t bytes, off_t offset) override {
    return fails("pread") ? -1 : SystemCalls::pread(file, into, std::min(bytes, torn_), offset);
  }
  ssize_t pwrite(int file, const void* from, std::size_t bytes, off_t offset) override {
    return fails("pwrite") ? -1 : SystemCalls::pwrite(file, from, std::min(bytes, torn_), offset);
  }
  int fallocate(int file, off_t bytes) override {
    return fails("fallocate") ? -1 : SystemCalls::fallocate(file, bytes);
  }
  int ftruncate(int file, off_t bytes) override {
    return fails("ftruncate") ? -1 : SystemCalls::ftruncate(file, bytes);
  }
  int fsync(int file) override { return fails("fsync") ? -1 : SystemCalls::fsync(file); }
  int flock(int file, int operation) override {
    return fails("flock") ? -1 : SystemCalls::flock(file, operation);
  }
  int mkdir(const char* path, mode_t mode) override {
    return fails("mkdir") ? -1 : SystemCalls::mkdir(path, mode);
  }
  int symlink(const char* target, const char* path) override {
    return fails("symlink") ? -1 : SystemCalls::symlink(target, path);
  }
  int rename(const char* from, const char* to) override {
    return fails("rename") ? -1 : SystemCalls::rename(from, to);
  }
  int exchange(const char* a, const char* b) override {
    return fails("exchange") ? -1 : SystemCalls::exchange(a, b);
  }
  int unlink(const char* path) override { return fails("unlink") ? -1 : SystemCalls::unlink(path); }
  int rmdir(const char* path) override { return fails("rmdir") ? -1 : SystemCalls::rmdir(path); }
  int stat(const char* path, struct stat* status) override {
    return fails("stat") ? -1 : SystemCalls::stat(path, status);
  }
  int statvfs(const char* path, struct statvfs* status) override {
    return fails("statvfs") ? -1 : SystemCalls::statvfs(path, status);
  }

 private:
  bool fails(std::string_view call) {
    const int error = before_(call, calls_++);
    if (error != 0) errno = error;
    return error != 0;
  }

  Before before_;
  std::size_t torn_;
  std::atomic<std::size_t> calls_ = 0;
  ReplacedSystemCalls replaced_;
};

/// Fails call number `n`, whatever it is.
inline FaultySystem::Before fail_at(std::size_t n, int error) {
  return [=](std::string_view, std::size_t number) { return number == n ? error : 0; };
}

/// Fails every call of this name.
inline FaultySystem::Before fail_every(std::string name, int error) {
  return [=](std::string_view call, std::size_t) { return call == name ? error : 0; };
}

/// Ends the process, as kill -9 does, instead of call number `n`.
inline FaultySystem::Before kill_at(std::size_t n) {
  return [=](std::string_view, std::size_t number) {
    if (number == n) std::raise(SIGKILL);
    return 0;
  };
}

}  // namespace ovbake
