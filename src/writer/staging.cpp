#include "writer/staging.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/error.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

std::string reason(int error) { return std::generic_category().message(error); }

/// Removes a tree without following links. Best effort: what stays is removed by the next bake.
void remove_tree(const fs::path& folder) noexcept {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

/// True also for a link that points nowhere.
bool is_there(const fs::path& path) noexcept {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() != fs::file_type::not_found;
}

bool is_absent_or_empty(const fs::path& folder) {
  std::error_code error;
  return !is_there(folder) || (fs::is_empty(folder, error) && !error);
}

/// The folder that `output_dir` means, absolute and without links; its parents need not exist.
fs::path resolve(const fs::path& output_dir) {
  const fs::path name = output_dir.has_filename() ? output_dir : output_dir.parent_path();
  if (!name.has_filename() || name.filename() == "." || name.filename() == "..") {
    throw usage_error("{} cannot be an output folder; give the name of a folder to be made.",
                      output_dir.empty() ? "An empty name" : output_dir.string());
  }
  std::error_code error;
  const bool is_link = fs::is_symlink(fs::symlink_status(name, error));
  fs::path resolved =
      is_link ? fs::canonical(name, error)
              : fs::weakly_canonical(fs::absolute(name).parent_path(), error) / name.filename();
  if (error) {
    throw input_error("{} cannot be an output folder: {}.", output_dir.string(), error.message());
  }
  return resolved;
}

bool is_mount_point(const fs::path& folder) {
  struct statx status {};
  return ::statx(AT_FDCWD, folder.c_str(), 0, STATX_BASIC_STATS, &status) == 0 &&
         (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

/// Throws where `output_dir` may not become the output of a bake.
void check_output(const fs::path& output_dir, bool overwrite) {
  if (!is_there(output_dir)) return;
  std::error_code error;
  if (!fs::is_directory(output_dir, error)) {
    throw input_error("{} is no folder; give the name of a folder to be made.",
                      output_dir.string());
  }
  if (is_mount_point(output_dir)) {
    throw input_error(
        "{} is a mount point, which cannot be replaced in one step; give the name of a folder "
        "below "
        "it.",
        output_dir.string());
  }
  if (is_absent_or_empty(output_dir)) return;
  if (!overwrite) {
    throw input_error("{} exists; give another --output_dir, or --overwrite to replace it.",
                      output_dir.string());
  }
  if (!is_there(output_dir / "bake.json")) {
    throw input_error(
        "{} has no bake.json, so ovbake did not make it and --overwrite will not replace it; "
        "remove "
        "it yourself or give another --output_dir.",
        output_dir.string());
  }
}

bool same_file(int descriptor, const fs::path& path) {
  struct stat open {};
  struct stat named {};
  return ::fstat(descriptor, &open) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

/// ".NAME.suffix" beside "NAME".
fs::path hidden_sibling(const fs::path& path, std::string_view suffix) {
  return path.parent_path() / fmt::format(".{}.{}", path.filename().string(), suffix);
}

/// fsync of everything below `folder`, and of the folder itself.
void sync_tree(const fs::path& folder) {
  try {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      const fs::file_status status = entry.symlink_status();
      if (fs::is_directory(status)) sync_tree(entry.path());
      if (fs::is_regular_file(status)) sync_file(entry.path());
    }
  } catch (const fs::filesystem_error& error) {
    throw environment_error("{} cannot be flushed to the disk: {}.", folder.string(),
                            error.code().message());
  }
  sync_folder(folder);
}

void move(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    throw environment_error("{} cannot be renamed to {}: {}.", from.string(), to.string(),
                            reason(errno));
  }
}

/// Swaps two names in one step; false where the file system cannot.
bool exchange(const fs::path& a, const fs::path& b) {
  if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0) return true;
  if (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP) return false;
  throw environment_error("{} cannot be replaced: {}.", b.string(), reason(errno));
}

}  // namespace

Staging::NewParents::NewParents(const fs::path& output_dir) {
  fs::path parent = output_dir.parent_path();
  for (; !is_there(parent); parent = parent.parent_path()) folders.insert(folders.begin(), parent);
  for (const fs::path& folder : folders) {
    if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) {
      throw environment_error("{} cannot be created: {}.", folder.string(), reason(errno));
    }
  }
}

Staging::NewParents::~NewParents() {
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) ::rmdir(folder->c_str());
}

// The one who held the lock before removes its file, so a lock counts only while the file that was
// locked still has the name.
Staging::Lock::Lock(const fs::path& output_dir) : path(hidden_sibling(output_dir, "baking.lock")) {
  do {
    file = Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (file.number() < 0) {
      throw environment_error("{} cannot be created: {}.", path.string(), reason(errno));
    }
    while (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno == EWOULDBLOCK) {
        throw environment_error(
            "Another process is baking to {}; wait for its end or give another --output_dir.",
            output_dir.string());
      }
      throw environment_error("{} cannot be locked: {}; give an --output_dir on another disk.",
                              path.string(), reason(errno));
    }
  } while (!same_file(file.number(), path));
}

Staging::Lock::~Lock() { ::unlink(path.c_str()); }

Staging::Staging(const fs::path& output_dir, bool overwrite)
    : output_dir_(resolve(output_dir)),
      folder_(hidden_sibling(output_dir_, "baking")),
      replaced_(hidden_sibling(output_dir_, "replaced")),
      overwrite_(overwrite),
      new_parents_(output_dir_),
      lock_(output_dir_) {
  if (is_there(replaced_) && !is_there(output_dir_)) move(replaced_, output_dir_);
  check_output(output_dir_, overwrite_);
  remove_tree(replaced_);
  remove_tree(folder_);
  if (::mkdir(folder_.c_str(), 0777) != 0) {
    throw environment_error("{} cannot be created: {}.", folder_.string(), reason(errno));
  }
}

Staging::~Staging() { remove_tree(folder_); }

void Staging::require_space(std::uint64_t bytes) const {
  struct statvfs status {};
  if (::statvfs(folder_.c_str(), &status) != 0) {
    throw environment_error("{} cannot be examined: {}.", folder_.string(), reason(errno));
  }
  const std::uint64_t available = std::uint64_t{status.f_bavail} * status.f_frsize;
  if (status.f_blocks != 0 && available < bytes) {
    throw environment_error(
        "{} needs {} bytes but its disk has {} available; free some or give another --output_dir.",
        output_dir_.string(), bytes, available);
  }
}

void Staging::replace_in_two_steps() {
  move(output_dir_, replaced_);
  try {
    move(folder_, output_dir_);
  } catch (const Error&) {
    move(replaced_, output_dir_);
    throw;
  }
}

void Staging::publish(bool durable) {
  if (durable) sync_tree(folder_);
  check_output(output_dir_, overwrite_);
  if (is_absent_or_empty(output_dir_)) {
    move(folder_, output_dir_);
  } else if (!exchange(folder_, output_dir_)) {
    replace_in_two_steps();
  }
  new_parents_.folders.clear();
  if (durable) sync_folder(output_dir_.parent_path());
  remove_tree(replaced_);
}

}  // namespace ovbake
