#include "writer/staging.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/system_calls.hpp"
#include "base/system_error.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "bake.json";

std::string reason(int error) { return std::generic_category().message(error); }

bool is_absent_or_empty(const fs::path& folder) {
  return !is_there(folder) || (is_folder(folder) && names_in(folder).empty());
}

/// The folder that `output_dir` means, absolute and without links; its parents need not exist.
fs::path resolve(const fs::path& output_dir) {
  const fs::path name = output_dir.has_filename() ? output_dir : output_dir.parent_path();
  if (!name.has_filename() || name.filename() == "." || name.filename() == "..") {
    throw usage_error("{} cannot be an output folder; give the name of a folder to be made.",
                      output_dir.empty() ? "An empty name" : output_dir.string());
  }
  if (is_link(name)) return real_path(name);
  return resolved_path(name.parent_path().empty() ? "." : name.parent_path()) / name.filename();
}

bool is_mount_point(const fs::path& folder) {
  struct statx status {};
  return ::statx(AT_FDCWD, folder.c_str(), 0, STATX_BASIC_STATS, &status) == 0 &&
         (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

/// Throws where the folder could be given another name but not removed then, or not even that: in
/// a folder such as /tmp whoever does not own a folder may not rename it.
void require_removable(const fs::path& output_dir) {
  struct stat parent {};
  struct stat folder {};
  const uid_t user = ::geteuid();
  if (user == 0 || system_calls().stat(output_dir.parent_path().c_str(), &parent) != 0 ||
      system_calls().stat(output_dir.c_str(), &folder) != 0) {
    return;
  }
  const bool owned = folder.st_uid == user;
  const bool sticky = (parent.st_mode & S_ISVTX) != 0 && parent.st_uid != user;
  if (owned || (!sticky && ::access(output_dir.c_str(), W_OK | X_OK) == 0)) return;
  throw environment_error(
      "{} belongs to another user and cannot be replaced; let that user remove it, or give another "
      "--output_dir.",
      output_dir.string());
}

/// ".NAME.suffix" beside "NAME".
fs::path hidden_sibling(const fs::path& path, std::string_view suffix) {
  return path.parent_path() / fmt::format(".{}.{}", path.filename().string(), suffix);
}

/// Disk space of the files in a folder.
std::uint64_t allocated_bytes(const fs::path& folder) {
  std::uint64_t bytes = 0;
  for (const std::string& name : names_in(folder)) {
    struct stat status {};
    if (::lstat((folder / name).c_str(), &status) == 0) {
      bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
    }
  }
  return bytes;
}

/// Swaps two names in one step; false where the file system cannot.
bool exchange(const fs::path& a, const fs::path& b) {
  if (system_calls().exchange(a.c_str(), b.c_str()) == 0) return true;
  if (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP || errno == EXDEV) return false;
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
      throw environment_error("{} cannot be created: {}; give another --output_dir.", path.string(),
                              reason(errno));
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

Staging::Staging(const fs::path& output_dir, bool overwrite, const fs::path& kept, ProveBaked prove)
    : output_dir_(resolve(output_dir)),
      folder_(hidden_sibling(output_dir_, "baking")),
      journal_(hidden_sibling(output_dir_, "baking.journal")),
      replaced_(hidden_sibling(output_dir_, "replaced")),
      overwrite_(overwrite),
      prove_(std::move(prove)),
      spare_(Descriptor::open("/", O_RDONLY | O_DIRECTORY)),
      new_parents_(output_dir_),
      lock_(output_dir_) {
  if (is_there(replaced_) && !is_there(output_dir_)) rename_path(replaced_, output_dir_);
  check_output();
  remove_tree(replaced_);
  clear_folder(kept);
}

Staging::~Staging() {
  spare_ = Descriptor();
  if (!keeps()) {
    remove_tree(journal_);
    remove_tree(folder_);
    return;
  }
  try {
    remove_all_but(kept_);
  } catch (const std::exception&) {  // the next one removes the rest
  }
}

void Staging::check_output() const {
  if (!is_there(output_dir_)) return;
  if (!is_folder(output_dir_)) {
    throw input_error("{} is no folder; give the name of a folder to be made.",
                      output_dir_.string());
  }
  if (is_mount_point(output_dir_)) {
    throw input_error(
        "{} is a mount point, which cannot be replaced in one step; give the name of a folder "
        "below it.",
        output_dir_.string());
  }
  if (is_absent_or_empty(output_dir_)) return require_removable(output_dir_);
  if (!is_there(output_dir_ / kManifest)) {
    throw input_error(
        "{} exists and has no bake.json, so no bake made it and none will replace it; remove it "
        "yourself or name another folder.",
        output_dir_.string());
  }
  if (!overwrite_) {
    throw input_error("{} exists; give another --output_dir, or --overwrite to replace it.",
                      output_dir_.string());
  }
  if (prove_) prove_(output_dir_);
  require_removable(output_dir_);
}

void Staging::clear_folder(const fs::path& kept) {
  const fs::path file = folder_ / kept;
  const bool goes_on = !kept.empty() && is_there(journal_) && is_folder(folder_) &&
                       !is_link(folder_) && is_file(file) && !is_link(file);
  if (!goes_on) {
    remove_tree(journal_);
    remove_tree(folder_);
    if (is_there(folder_) || is_there(journal_)) {
      throw environment_error(
          "What an earlier bake left at {} cannot be removed; remove it yourself, or give another "
          "--output_dir.",
          folder_.string());
    }
    make_folder(folder_);
    return;
  }
  remove_all_but(kept);
  keep(kept);
}

void Staging::remove_all_but(const fs::path& kept) const {
  for (const std::string& name : names_in(folder_)) {
    if (name != kept) remove_tree(folder_ / name);
  }
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
  if (system_calls().rename(output_dir_.c_str(), replaced_.c_str()) != 0) {
    if (errno == EXDEV) return {};
    throw environment_error("{} cannot be replaced: {}.", output_dir_.string(), reason(errno));
  }
  const auto put_back = [this] { rename_path(replaced_, output_dir_); };
  undo_on_error(put_back, [this] { rename_path(folder_, output_dir_); });
  return [this, put_back] {
    rename_path(output_dir_, folder_);
    put_back();
  };
}

void Staging::replace_file_by_file(bool durable) {
  const auto old = entries_below(output_dir_);
  const auto fresh = entries_below(folder_);
  system_calls().unlink((output_dir_ / kManifest).c_str());
  const auto move = [&](const fs::path& file) {
    make_folders((output_dir_ / file).parent_path());
    rename_path(folder_ / file, output_dir_ / file);
  };
  try {
    for (const auto& [file, type] : fresh) {
      if (file != kManifest) move(file);
    }
    for (const auto& [file, type] : old) {
      if (fresh.contains(file)) continue;
      system_calls().unlink((output_dir_ / file).c_str());
      system_calls().rmdir((output_dir_ / file).parent_path().c_str());
    }
    if (durable) sync_tree(output_dir_);
    move(kManifest);
    if (durable) sync_folder(output_dir_);
  } catch (const Error& error) {
    throw environment_error(
        "{} lies in a lower layer of an overlay and is half replaced: {} "
        "Remove it and bake again.",
        output_dir_.string(), error.what());
  }
}

const fs::path& Staging::old_output() const { return is_there(replaced_) ? replaced_ : folder_; }

void Staging::publish(bool durable) {
  if (durable) {
    sync_tree(folder_);
    for (const fs::path& folder : new_parents_.folders) sync_folder(folder.parent_path());
  }
  check_output();
  const bool replaces = !is_absent_or_empty(output_dir_);
  if (const auto undo = make_visible()) {
    undo_on_error(undo, [&] {
      if (durable) sync_folder(output_dir_.parent_path());
      // What came into it since it was looked at would be removed with it.
      if (replaces && prove_) prove_(old_output());
    });
  } else {
    replace_file_by_file(durable);
  }
  kept_.clear();
  new_parents_.folders.clear();
  remove_tree(journal_);
  remove_tree(replaced_);
}

}  // namespace ovbake
