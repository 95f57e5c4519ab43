#include "writer/staging.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/system_calls.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

std::string reason(int error) { return std::generic_category().message(error); }

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
              : fs::weakly_canonical(name.parent_path().empty() ? "." : name.parent_path(), error) /
                    name.filename();
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
  if (!is_there(output_dir / "bake.json")) {
    throw input_error(
        "{} exists and has no bake.json, so no bake made it and none will replace it; remove it "
        "yourself or name another folder.",
        output_dir.string());
  }
  if (!overwrite) {
    throw input_error("{} exists; give another --output_dir, or --overwrite to replace it.",
                      output_dir.string());
  }
}

/// ".NAME.suffix" beside "NAME".
fs::path hidden_sibling(const fs::path& path, std::string_view suffix) {
  return path.parent_path() / fmt::format(".{}.{}", path.filename().string(), suffix);
}

/// Disk space of the files in a folder.
std::uint64_t allocated_bytes(const fs::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    struct stat status {};
    if (::lstat(entry.path().c_str(), &status) == 0) {
      bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
    }
  }
  return bytes;
}

/// Swaps two names in one step; false where the file system cannot.
bool exchange(const fs::path& a, const fs::path& b) {
  if (system_calls().exchange(a.c_str(), b.c_str()) == 0) return true;
  if (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP) return false;
  throw environment_error("{} cannot be replaced: {}.", b.string(), reason(errno));
}

/// Does `step`; where that throws, undoes what came before it.
void undo_on_error(const std::function<void()>& undo, const std::function<void()>& step) {
  try {
    step();
  } catch (...) {
    undo();
    throw;
  }
}

}  // namespace

// Delegates, so that what was created is removed where this throws.
Staging::NewParents::NewParents(const fs::path& output_dir) : NewParents() {
  std::vector<fs::path> missing;
  fs::path parent = output_dir.parent_path();
  for (; !is_there(parent); parent = parent.parent_path()) missing.push_back(parent);
  for (auto folder = missing.rbegin(); folder != missing.rend(); ++folder) {
    if (is_there(*folder)) continue;
    make_folder(*folder);
    folders.push_back(*folder);
  }
}

Staging::NewParents::~NewParents() {
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
    system_calls().rmdir(folder->c_str());
  }
}

// The one who held the lock before removes its file, so a lock counts only while the file that was
// locked still has the name.
Staging::Lock::Lock(const fs::path& output_dir) : path(hidden_sibling(output_dir, "baking.lock")) {
  do {
    file = Descriptor::open(path, O_RDWR | O_CREAT | O_NOFOLLOW);
    if (file.number() < 0) {
      throw environment_error("{} cannot be created: {}.", path.string(), reason(errno));
    }
    while (system_calls().flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno == EWOULDBLOCK) {
        throw environment_error(
            "Another process is baking to {}; wait for its end or give another --output_dir.",
            output_dir.string());
      }
      throw environment_error("{} cannot be locked: {}; give an --output_dir on another disk.",
                              path.string(), reason(errno));
    }
  } while (!file.is_at(path));
}

Staging::Lock::~Lock() { system_calls().unlink(path.c_str()); }

Staging::Staging(const fs::path& output_dir, bool overwrite, const fs::path& kept)
    : output_dir_(resolve(output_dir)),
      folder_(hidden_sibling(output_dir_, "baking")),
      journal_(hidden_sibling(output_dir_, "baking.journal")),
      replaced_(hidden_sibling(output_dir_, "replaced")),
      overwrite_(overwrite),
      new_parents_(output_dir_),
      lock_(output_dir_) {
  if (is_there(replaced_) && !is_there(output_dir_)) rename_path(replaced_, output_dir_);
  check_output(output_dir_, overwrite_);
  remove_tree(replaced_);
  clear_folder(kept);
}

Staging::~Staging() {
  remove_tree(journal_);
  remove_tree(folder_);
}

void Staging::clear_folder(const fs::path& kept) {
  std::error_code error;
  const bool keeps = !kept.empty() && is_there(journal_) &&
                     fs::is_directory(fs::symlink_status(folder_, error)) &&
                     fs::is_regular_file(fs::symlink_status(folder_ / kept, error));
  if (!keeps) {
    remove_tree(journal_);
    remove_tree(folder_);
    make_folder(folder_);
    return;
  }
  std::vector<fs::path> others;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    if (entry.path().filename() != kept) others.push_back(entry.path());
  }
  for (const fs::path& other : others) remove_tree(other);
}

void Staging::require_space(std::uint64_t bytes) const {
  const std::uint64_t missing = bytes - std::min(bytes, allocated_bytes(folder_));
  ovbake::require_space(folder_, missing, output_dir_.string(), "--output_dir");
}

std::function<void()> Staging::make_visible() {
  if (is_absent_or_empty(output_dir_)) {
    rename_path(folder_, output_dir_);
    return [this] { rename_path(output_dir_, folder_); };
  }
  if (exchange(folder_, output_dir_)) return [this] { exchange(folder_, output_dir_); };

  rename_path(output_dir_, replaced_);
  const auto put_back = [this] { rename_path(replaced_, output_dir_); };
  undo_on_error(put_back, [this] { rename_path(folder_, output_dir_); });
  return [this, put_back] {
    rename_path(output_dir_, folder_);
    put_back();
  };
}

void Staging::publish(bool durable) {
  if (durable) {
    sync_tree(folder_);
    for (const fs::path& folder : new_parents_.folders) sync_folder(folder.parent_path());
  }
  check_output(output_dir_, overwrite_);
  remove_tree(journal_);
  const auto undo = make_visible();
  if (durable) undo_on_error(undo, [this] { sync_folder(output_dir_.parent_path()); });
  new_parents_.folders.clear();
  remove_tree(replaced_);
}

}  // namespace ovbake
