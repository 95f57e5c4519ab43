#include "base/folder.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/system_calls.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

std::string reason(int error) { return std::generic_category().message(error); }

Error cannot_flush(const fs::path& path, int error) {
  return environment_error("{} cannot be flushed to the disk: {}.", path.string(), reason(error));
}

void sync_path(const fs::path& path, int flags) {
  const Descriptor descriptor = Descriptor::open(path, O_RDONLY | O_NOFOLLOW | flags);
  if (descriptor.number() < 0) throw cannot_flush(path, errno);
  while (system_calls().fsync(descriptor.number()) != 0) {
    if (errno == EINTR) continue;
    // Some file systems have no fsync for folders, whose names they keep safe themselves.
    if (errno == EINVAL && (flags & O_DIRECTORY) != 0) return;
    throw cannot_flush(path, errno);
  }
}

}  // namespace

bool is_there(const fs::path& path) noexcept {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() != fs::file_type::not_found;
}

void make_folder(const fs::path& folder) {
  if (system_calls().mkdir(folder.c_str(), 0777) != 0) {
    throw environment_error("{} cannot be created: {}.", folder.string(), reason(errno));
  }
}

void make_folders(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    throw environment_error("{} cannot be created: {}.", folder.string(), error.message());
  }
}

void make_link(const fs::path& target, const fs::path& link) {
  if (system_calls().symlink(target.c_str(), link.c_str()) != 0) {
    throw environment_error("{} cannot be created: {}.", link.string(), reason(errno));
  }
}

void rename_path(const fs::path& from, const fs::path& to) {
  if (system_calls().rename(from.c_str(), to.c_str()) != 0) {
    throw environment_error("{} cannot be renamed to {}: {}.", from.string(), to.string(),
                            reason(errno));
  }
}

void require_space(const fs::path& folder, std::uint64_t bytes, std::string_view what,
                   std::string_view option) {
  struct statvfs status {};
  if (system_calls().statvfs(folder.c_str(), &status) != 0) {
    throw environment_error("{} cannot be examined: {}.", folder.string(), reason(errno));
  }
  const std::uint64_t available = std::uint64_t{status.f_bavail} * status.f_frsize;
  if (status.f_blocks != 0 && available < bytes) {
    throw environment_error(
        "{} needs {} bytes but its disk has {} available; free some or give another {}.", what,
        bytes, available, option);
  }
}

void remove_tree(const fs::path& path) noexcept {
  std::error_code ignored;
  if (!fs::is_directory(fs::symlink_status(path, ignored))) {
    system_calls().unlink(path.c_str());
    return;
  }
  fs::directory_iterator entry(path, ignored);
  for (; entry != fs::directory_iterator(); entry.increment(ignored)) remove_tree(entry->path());
  system_calls().rmdir(path.c_str());
}

void sync_folder(const fs::path& folder) { sync_path(folder, O_DIRECTORY); }

void sync_tree(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const fs::file_type type = entry->symlink_status().type();
    if (type == fs::file_type::directory) sync_tree(entry->path());
    if (type == fs::file_type::regular) sync_path(entry->path(), 0);
  }
  if (error) throw cannot_flush(folder, error.value());
  sync_folder(folder);
}

}  // namespace ovbake
