// Lets calls of the C library fail below everything that is linked: LD_PRELOADed into the program
// by tests/python/test_faults_below.py. Only calls that name something below FAULT_ROOT, or a
// descriptor that was opened there, count.
//
//   FAULT_LOG=FILE        appends a line "number call path" for each of them
//   FAULT_AT=7 FAULT=EIO  lets call number 7 fail with that error
//   FAULT_AT=7 FAULT=short, lets a read or write move half of its bytes, as a signal may
//   FAULT_CALL=fsync      lets every call of that name fail instead
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

constexpr int kMostDescriptors = 4096;

std::array<std::atomic<bool>, kMostDescriptors> watched;
std::atomic<long> calls = 0;

const char* variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool below_root(const char* path) {
  static const char* root = variable("FAULT_ROOT");
  return path != nullptr && *root != '\0' && std::strncmp(path, root, std::strlen(root)) == 0;
}

bool is_watched(int file) { return file >= 0 && file < kMostDescriptors && watched[file]; }

int error_of(const char* name) {
  constexpr std::pair<const char*, int> kErrors[] = {
      {"EIO", EIO},     {"ENOSPC", ENOSPC}, {"EMFILE", EMFILE}, {"EACCES", EACCES},
      {"EINTR", EINTR}, {"EROFS", EROFS},   {"ENOMEM", ENOMEM}, {"EDQUOT", EDQUOT}};
  for (const auto& [known, error] : kErrors) {
    if (std::strcmp(known, name) == 0) return error;
  }
  return 0;
}

void log(long number, const char* call, const char* path) {
  static const int file = [] {
    const char* name = variable("FAULT_LOG");
    if (*name == '\0') return -1;
    return static_cast<int>(
        ::syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  }();
  if (file < 0) return;
  std::array<char, 4500> line{};
  const int bytes = std::snprintf(line.data(), line.size(), "%ld %s %s\n", number, call, path);
  static_cast<void>(::syscall(SYS_write, file, line.data(), static_cast<std::size_t>(bytes)));
}

enum class Fate { happens, fails, is_short };

/// Counts a call and decides about it; errno is set where it fails.
Fate fate_of(const char* call, const char* path) {
  static const long at = std::atol(*variable("FAULT_AT") == '\0' ? "-1" : variable("FAULT_AT"));
  static const char* fault = variable("FAULT");
  static const char* every = variable("FAULT_CALL");
  const long number = calls++;
  const int saved = errno;
  log(number, call, path);
  errno = saved;
  if (number != at && std::strcmp(every, call) != 0) return Fate::happens;
  if (std::strcmp(fault, "short") == 0) return Fate::is_short;
  errno = error_of(fault);
  return Fate::fails;
}

template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

int opened(int file) {
  if (file >= 0 && file < kMostDescriptors) watched[file] = true;
  return file;
}

int open_anywhere(int folder, const char* path, int flags, mode_t mode) {
  const bool counts = below_root(path);
  if (counts && fate_of("open", path) == Fate::fails) return -1;
  const int file = static_cast<int>(::syscall(SYS_openat, folder, path, flags, mode));
  return counts ? opened(file) : file;
}

mode_t mode_of(int flags, va_list& arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

template <typename Call>
auto with_path(const char* name, const char* path, const Call& call) -> decltype(call()) {
  if (below_root(path) && fate_of(name, path) == Fate::fails) return -1;
  return call();
}

template <typename Call>
ssize_t with_bytes(const char* name, int file, std::size_t bytes, const Call& call) {
  if (!is_watched(file)) return call(bytes);
  const Fate fate = fate_of(name, "");
  if (fate == Fate::fails) return -1;
  return call(fate == Fate::is_short && bytes > 1 ? bytes / 2 : bytes);
}

template <typename Call>
int with_file(const char* name, int file, const Call& call) {
  return is_watched(file) && fate_of(name, "") == Fate::fails ? -1 : call();
}

}  // namespace

extern "C" int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_anywhere(AT_FDCWD, path, flags, mode);
}
extern "C" int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_anywhere(AT_FDCWD, path, flags, mode);
}
extern "C" int openat(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_anywhere(folder, path, flags, mode);
}
extern "C" int close(int file) {
  const bool failed = is_watched(file) && fate_of("close", "") == Fate::fails;
  const int error = errno;
  if (file >= 0 && file < kMostDescriptors) watched[file] = false;
  const int result = static_cast<int>(::syscall(SYS_close, file));  // as Linux does in any case
  if (!failed) return result;
  errno = error;
  return -1;
}
extern "C" ssize_t read(int file, void* into, std::size_t bytes) {
  return with_bytes("read", file, bytes,
                    [&](std::size_t most) { return ::syscall(SYS_read, file, into, most); });
}
extern "C" ssize_t pread(int file, void* into, std::size_t bytes, off_t offset) {
  return with_bytes("pread", file, bytes, [&](std::size_t most) {
    return ::syscall(SYS_pread64, file, into, most, offset);
  });
}
extern "C" ssize_t pread64(int file, void* into, std::size_t bytes, off64_t offset) {
  return pread(file, into, bytes, offset);
}
extern "C" ssize_t write(int file, const void* from, std::size_t bytes) {
  return with_bytes("write", file, bytes,
                    [&](std::size_t most) { return ::syscall(SYS_write, file, from, most); });
}
extern "C" ssize_t pwrite(int file, const void* from, std::size_t bytes, off_t offset) {
  return with_bytes("pwrite", file, bytes, [&](std::size_t most) {
    return ::syscall(SYS_pwrite64, file, from, most, offset);
  });
}
extern "C" ssize_t pwrite64(int file, const void* from, std::size_t bytes, off64_t offset) {
  return pwrite(file, from, bytes, offset);
}
extern "C" int fsync(int file) {
  return with_file("fsync", file, [&] { return static_cast<int>(::syscall(SYS_fsync, file)); });
}
extern "C" int ftruncate(int file, off_t bytes) noexcept {
  return with_file("ftruncate", file,
                   [&] { return static_cast<int>(::syscall(SYS_ftruncate, file, bytes)); });
}
extern "C" int ftruncate64(int file, off64_t bytes) noexcept { return ftruncate(file, bytes); }
extern "C" int fallocate(int file, int mode, off_t offset, off_t bytes) {
  return with_file("fallocate", file, [&] {
    return static_cast<int>(::syscall(SYS_fallocate, file, mode, offset, bytes));
  });
}
extern "C" int fallocate64(int file, int mode, off64_t offset, off64_t bytes) {
  return fallocate(file, mode, offset, bytes);
}
extern "C" int fstat(int file, struct stat* status) noexcept {
  return with_file("fstat", file, [&] {
    return static_cast<int>(::syscall(SYS_newfstatat, file, "", status, AT_EMPTY_PATH));
  });
}
extern "C" void* mmap(void* address, std::size_t bytes, int protection, int flags, int file,
                      off_t offset) noexcept {
  if (is_watched(file) && fate_of("mmap", "") == Fate::fails) return MAP_FAILED;
  return reinterpret_cast<void*>(
      ::syscall(SYS_mmap, address, bytes, protection, flags, file, offset));
}
extern "C" DIR* opendir(const char* path) {
  if (below_root(path) && fate_of("opendir", path) == Fate::fails) return nullptr;
  return next<DIR* (*)(const char*)>("opendir")(path);
}
extern "C" char* realpath(const char* path, char* resolved) noexcept {
  if (below_root(path) && fate_of("realpath", path) == Fate::fails) return nullptr;
  return next<char* (*)(const char*, char*)>("realpath")(path, resolved);
}
extern "C" ssize_t readlink(const char* path, char* into, std::size_t bytes) noexcept {
  return with_path("readlink", path, [&]() -> ssize_t {
    return ::syscall(SYS_readlinkat, AT_FDCWD, path, into, bytes);
  });
}
extern "C" int stat(const char* path, struct stat* status) noexcept {
  return with_path("stat", path, [&] {
    return static_cast<int>(::syscall(SYS_newfstatat, AT_FDCWD, path, status, 0));
  });
}
extern "C" int lstat(const char* path, struct stat* status) noexcept {
  return with_path("lstat", path, [&] {
    return static_cast<int>(::syscall(SYS_newfstatat, AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW));
  });
}
extern "C" int rename(const char* from, const char* to) noexcept {
  return with_path("rename", from,
                   [&] { return static_cast<int>(::syscall(SYS_rename, from, to)); });
}
extern "C" int renameat2(int from_folder, const char* from, int to_folder, const char* to,
                         unsigned flags) noexcept {
  return with_path("renameat2", from, [&] {
    return static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
  });
}
extern "C" int link(const char* from, const char* to) noexcept {
  return with_path("link", from, [&] { return static_cast<int>(::syscall(SYS_link, from, to)); });
}
extern "C" int symlink(const char* target, const char* path) noexcept {
  return with_path("symlink", path,
                   [&] { return static_cast<int>(::syscall(SYS_symlink, target, path)); });
}
extern "C" int mkdir(const char* path, mode_t mode) noexcept {
  return with_path("mkdir", path,
                   [&] { return static_cast<int>(::syscall(SYS_mkdir, path, mode)); });
}
extern "C" int unlink(const char* path) noexcept {
  return with_path("unlink", path, [&] { return static_cast<int>(::syscall(SYS_unlink, path)); });
}
extern "C" int rmdir(const char* path) noexcept {
  return with_path("rmdir", path, [&] { return static_cast<int>(::syscall(SYS_rmdir, path)); });
}
