#include "support/power_cut.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>

namespace ovbake {
namespace {

namespace fs = std::filesystem;

std::string read_whole(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

fs::path path_of(int descriptor) {
  return fs::read_symlink("/proc/self/fd/" + std::to_string(descriptor));
}

}  // namespace

PowerCutSystem::PowerCutSystem(fs::path root, std::function<void(const PowerCutSystem&)> after)
    : root_(std::move(root)), after_(std::move(after)) {
  flush_tree(root_);
}

int PowerCutSystem::done(int result) const {
  const int error = errno;
  SystemCalls operating_system;
  const ReplacedSystemCalls replaced(operating_system);
  after_(*this);
  errno = error;
  return result;
}

PowerCutSystem::Inode PowerCutSystem::note(const fs::path& path) {
  struct stat status {};
  ::lstat(path.c_str(), &status);
  const Inode inode = status.st_ino;
  if (!held_.contains(inode)) {
    held_.emplace(inode, Descriptor(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)));
    types_[inode] = fs::symlink_status(path).type();
    if (types_[inode] == fs::file_type::symlink) data_[inode] = fs::read_symlink(path).string();
  }
  return inode;
}

PowerCutSystem::Names PowerCutSystem::names_in(const fs::path& folder) {
  Names names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names[entry.path().filename().string()] = note(entry.path());
  }
  return names;
}

void PowerCutSystem::flush(const fs::path& path) {
  const Inode inode = note(path);
  if (types_[inode] == fs::file_type::directory) names_[inode] = names_in(path);
  if (types_[inode] == fs::file_type::regular) data_[inode] = read_whole(path);
}

void PowerCutSystem::flush_tree(const fs::path& path) {
  for (const auto& entry : fs::directory_iterator(path)) {
    entry.is_directory() && !entry.is_symlink() ? flush_tree(entry.path()) : flush(entry.path());
  }
  flush(path);
}

void PowerCutSystem::write_inode(Inode inode, const fs::path& target) const {
  const auto data = data_.find(inode);
  const std::string text = data == data_.end() ? "" : data->second;
  if (types_.at(inode) == fs::file_type::symlink) {
    fs::create_symlink(text, target);
  } else {
    std::ofstream(target, std::ios::binary) << text;
  }
}

void PowerCutSystem::write_flushed(Inode folder, const fs::path& target) const {
  const auto names = names_.find(folder);
  if (names == names_.end()) return;
  for (const auto& [name, inode] : names->second) {
    if (types_.at(inode) == fs::file_type::directory) {
      fs::create_directory(target / name);
      write_flushed(inode, target / name);
    } else {
      write_inode(inode, target / name);
    }
  }
}

void PowerCutSystem::leave_flushed(const fs::path& target) const {
  struct stat status {};
  ::lstat(root_.c_str(), &status);
  write_flushed(status.st_ino, target);
}

void PowerCutSystem::leave_names(const fs::path& target) const {
  for (const auto& entry : fs::recursive_directory_iterator(root_)) {
    const fs::path copy = target / entry.path().lexically_relative(root_);
    struct stat status {};
    ::lstat(entry.path().c_str(), &status);
    if (entry.is_symlink()) {
      fs::create_symlink(fs::read_symlink(entry.path()), copy);
    } else if (entry.is_directory()) {
      fs::create_directory(copy);
    } else {
      const auto data = data_.find(status.st_ino);
      std::ofstream(copy, std::ios::binary) << (data == data_.end() ? "" : data->second);
    }
  }
}

int PowerCutSystem::open(const char* path, int flags, mode_t mode) {
  const int file = SystemCalls::open(path, flags, mode);
  if (file >= 0 && (flags & O_CREAT) != 0) note(path);
  return done(file);
}

ssize_t PowerCutSystem::pwrite(int file, const void* from, std::size_t bytes, off_t offset) {
  const ssize_t put = SystemCalls::pwrite(file, from, bytes, offset);
  done(0);
  return put;
}

int PowerCutSystem::fallocate(int file, off_t bytes) {
  return done(SystemCalls::fallocate(file, bytes));
}

int PowerCutSystem::fsync(int file) {
  flush(path_of(file));
  return done(0);
}

int PowerCutSystem::mkdir(const char* path, mode_t mode) {
  const int result = SystemCalls::mkdir(path, mode);
  if (result == 0) note(path);
  return done(result);
}

int PowerCutSystem::symlink(const char* target, const char* path) {
  const int result = SystemCalls::symlink(target, path);
  if (result == 0) note(path);
  return done(result);
}

int PowerCutSystem::rename(const char* from, const char* to) {
  return done(SystemCalls::rename(from, to));
}

int PowerCutSystem::exchange(const char* a, const char* b) {
  if (!can_exchange) return errno = EINVAL, -1;
  return done(SystemCalls::exchange(a, b));
}

int PowerCutSystem::unlink(const char* path) { return done(SystemCalls::unlink(path)); }

int PowerCutSystem::rmdir(const char* path) { return done(SystemCalls::rmdir(path)); }

}  // namespace ovbake
