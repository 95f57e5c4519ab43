#include "base/system_calls.hpp"

#include <atomic>
#include <cstdio>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ovbake {
namespace {

SystemCalls operating_system;
std::atomic<SystemCalls*> current = &operating_system;

}  // namespace

int SystemCalls::open(const char* path, int flags, mode_t mode) {
  return ::open(path, flags, mode);
}

int SystemCalls::close(int file) { return ::close(file); }

ssize_t SystemCalls::pread(int file, void* into, std::size_t bytes, off_t offset) {
  return ::pread(file, into, bytes, offset);
}

ssize_t SystemCalls::pwrite(int file, const void* from, std::size_t bytes, off_t offset) {
  return ::pwrite(file, from, bytes, offset);
}

int SystemCalls::fallocate(int file, off_t bytes) { return ::fallocate(file, 0, 0, bytes); }

int SystemCalls::ftruncate(int file, off_t bytes) { return ::ftruncate(file, bytes); }

int SystemCalls::fsync(int file) { return ::fsync(file); }

int SystemCalls::flock(int file, int operation) { return ::flock(file, operation); }

int SystemCalls::mkdir(const char* path, mode_t mode) { return ::mkdir(path, mode); }

int SystemCalls::symlink(const char* target, const char* path) { return ::symlink(target, path); }

int SystemCalls::rename(const char* from, const char* to) { return ::rename(from, to); }

int SystemCalls::exchange(const char* a, const char* b) {
  return ::renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
}

int SystemCalls::unlink(const char* path) { return ::unlink(path); }

int SystemCalls::rmdir(const char* path) { return ::rmdir(path); }

int SystemCalls::stat(const char* path, struct stat* status) { return ::stat(path, status); }

int SystemCalls::statvfs(const char* path, struct statvfs* status) {
  return ::statvfs(path, status);
}

SystemCalls& system_calls() noexcept { return *current; }

ReplacedSystemCalls::ReplacedSystemCalls(SystemCalls& calls) noexcept
    : previous_(current.exchange(&calls)) {}

ReplacedSystemCalls::~ReplacedSystemCalls() { current = previous_; }

}  // namespace ovbake
