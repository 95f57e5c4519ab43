#include "base/folder.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/system_calls.hpp"
#include "base/system_error.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

std::string reason(int error) { return std::generic_category().message(error); }

Error cannot_examine(const fs::path& path, std::error_code error) {
  return system_error(error.value(), fmt::format("{} cannot be examined", path.string()));
}

/// `type` as the system told it; a link in a circle leads nowhere.
fs::file_type known(const fs::path& path, fs::file_type type, std::error_code error) {
  if (type != fs::file_type::none) return type;
  if (error.value() == ELOOP) return fs::file_type::not_found;
  throw cannot_examine(path, error);
}

/// Of what a path names, be it a link.
fs::file_type type_itself(const fs::path& path) {
  std::error_code error;
  const fs::file_type type = fs::symlink_status(path, error).type();
  return known(path, type, error);
}

/// Of what lies behind links.
fs::file_type type_behind(const fs::path& path) {
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  return known(path, type, error);
}

Error cannot_list(const fs::path& folder, std::error_code error) {
  return system_error(error.value(), fmt::format("{} cannot be listed", folder.string()));
}

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

bool is_there(const fs::path& path) { return type_itself(path) != fs::file_type::not_found; }

bool is_folder(const fs::path& path) { return type_behind(path) == fs::file_type::directory; }

bool is_file(const fs::path& path) { return type_behind(path) == fs::file_type::regular; }

bool is_link(const fs::path& path) { return type_itself(path) == fs::file_type::symlink; }

std::uint64_t file_bytes(const fs::path& path) {
  std::error_code error;
  const std::uint64_t bytes = fs::file_size(path, error);
  if (error) throw cannot_examine(path, error);
  return bytes;
}

fs::path real_path(const fs::path& path) {
  std::error_code error;
  fs::path real = fs::canonical(path, error);
  if (!error) return real;
  if (is_link(path)) {
    throw system_error(error.value(), fmt::format("{} is a link to {}, which cannot be read",
                                                  path.string(), link_target(path).string()));
  }
  throw system_error(error.value(), fmt::format("{} cannot be read", path.string()));
}

fs::path resolved_path(const fs::path& path) {
  std::error_code error;
  fs::path resolved = fs::weakly_canonical(fs::absolute(path, error), error);
  if (error) throw cannot_examine(path, error);
  return resolved;
}

fs::path link_target(const fs::path& link) {
  std::error_code error;
  fs::path target = fs::read_symlink(link, error);
  if (error) throw cannot_examine(link, error);
  return target;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) throw cannot_list(folder, error);
  std::ranges::sort(names);
  return names;
}

std::map<fs::path, fs::file_type> entries_below(const fs::path& folder) {
  std::map<fs::path, fs::file_type> entries;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    // Not by `error`, which the next step would clear: an entry would be missing without a word.
    const fs::file_type type = type_itself(entry->path());
    if (type != fs::file_type::directory) {
      entries.emplace(entry->path().lexically_relative(folder), type);
    }
  }
  if (error) throw cannot_list(folder, error);
  return entries;
}

bool lies_within(const fs::path& inner, const fs::path& outer) {
  return std::ranges::mismatch(outer, inner).in1 == outer.end();
}

void make_folder(const fs::path& folder) {
  if (system_calls().mkdir(folder.c_str(), 0777) != 0) {
    throw environment_error("{} cannot be created: {}.", folder.string(), reason(errno));
  }
}

void make_folders(const fs::path& folder) {
  if (is_folder(folder)) return;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    throw environment_error("{} cannot be created: {}.", folder.string(), error.message());
  }
}

void make_link(const fs::path& target, const fs::path& link) {
  if (system_calls().symlink(target.c_str(), link.c_str()) != 0) {
    if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) {
      throw environment_error(
          "{} cannot be created, because its disk has no symbolic links, by which graphs share "
          "their weights; choose another disk, or one graph alone: ovbake export.",
          link.string());
    }
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
  if (system_calls().rmdir(path.c_str()) == 0) return;
  fs::permissions(path, fs::perms::owner_all, fs::perm_options::add, ignored);
  // Listed before any of it is removed, so that one descriptor is enough for any depth.
  std::vector<fs::path> entries;
  for (fs::directory_iterator entry(path, ignored); entry != fs::directory_iterator();
       entry.increment(ignored)) {
    entries.push_back(entry->path());
  }
  for (const fs::path& entry : entries) remove_tree(entry);
  system_calls().rmdir(path.c_str());
}

void sync_folder(const fs::path& folder) { sync_path(folder, O_DIRECTORY); }

void sync_tree(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const fs::file_type type = type_itself(entry->path());
    if (type == fs::file_type::directory) sync_tree(entry->path());
    if (type == fs::file_type::regular) sync_path(entry->path(), 0);
  }
  if (error) throw cannot_flush(folder, error.value());
  sync_folder(folder);
}

}  // namespace ovbake
