#include "hub/cache.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/json.hpp"
#include "base/system_calls.hpp"
#include "base/text.hpp"
#include "hub/listing.hpp"
#include "hub/model_id.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxRefBytes = 4096;
constexpr int kTreeFormat = 1;

/// Writes a small file so that others see all of it or none.
void write_whole(const fs::path& file, const std::string& text) {
  make_folders(file.parent_path());
  fs::path part = file;
  part += fmt::format(".{}.tmp", ::getpid());
  system_calls().unlink(part.c_str());
  write_text(part, text);
  rename_path(part, file);
}

Json to_json(const HubFile& file) {
  Json entry{{"size", file.size}, {"blob_id", file.git_id}};
  if (!file.sha256.empty()) {
    entry["lfs_sha256"] = file.sha256;
    entry["lfs_size"] = file.size;
  }
  return entry;
}

}  // namespace

bool is_commit(std::string_view text) { return is_hex(text, 40); }

HubCache::HubCache(const fs::path& cache, const std::string& model_id)
    : folder_(cache / cache_name(model_id)), locks_(cache / ".locks" / cache_name(model_id)) {}

std::optional<std::string> HubCache::commit_of(const std::string& revision) const {
  if (is_commit(revision)) return revision;
  const fs::path ref = folder_ / "refs" / revision;
  if (!is_file(ref)) return {};
  const std::string commit = read_text(ref, kMaxRefBytes);
  if (!is_commit(commit)) return {};
  return commit;
}

void HubCache::remember_commit(const std::string& revision, const std::string& commit) const {
  if (commit_of(revision) == commit) return;
  // Where a branch "a" was once seen, git and the cache have no room for one called "a/b".
  const fs::path refs = folder_ / "refs";
  fs::path parent = refs;
  for (const fs::path& part : fs::path(revision).parent_path()) {
    if (is_there(parent /= part) && !is_folder(parent)) return;
  }
  if (!is_folder(refs / revision)) write_whole(refs / revision, commit);
}

std::optional<std::vector<HubFile>> HubCache::listing(const std::string& commit) const try {
  const fs::path file = folder_ / "trees" / (commit + ".json");
  if (!is_there(file)) return {};
  const Json tree = read_json(file);
  if (!tree.is_object() || tree.value("format_version", Json()) != kTreeFormat ||
      !tree.value("files", Json()).is_object()) {
    return {};
  }
  std::vector<HubFile> files;
  for (const auto& [path, entry] : tree["files"].items()) {
    files.push_back(listed_file(file.string(), path, entry, "blob_id", "lfs_sha256"));
  }
  return files;
} catch (const Error& error) {
  // Of a list that was cut short, the hub knows the whole.
  if (error.code() != ErrorCode::input) throw;
  return {};
}

void HubCache::remember_listing(const std::string& commit,
                                const std::vector<HubFile>& files) const {
  Json listed = Json::object();
  // Appended as it is: assigning by key would look through all keys each time.
  auto& members = static_cast<Json::object_t::Container&>(listed.get_ref<Json::object_t&>());
  for (const HubFile& file : files) members.emplace_back(file.path, to_json(file));
  const Json tree{{"format_version", kTreeFormat}, {"files", std::move(listed)}};
  write_whole(folder_ / "trees" / (commit + ".json"), tree.dump(1));
}

fs::path HubCache::snapshot(const std::string& commit) const {
  return folder_ / "snapshots" / commit;
}

fs::path HubCache::blob(const HubFile& file) const { return folder_ / "blobs" / file.etag(); }

fs::path HubCache::incomplete(const HubFile& file) const {
  return folder_ / "blobs" / (file.etag() + ".incomplete");
}

bool HubCache::holds(const std::string& commit, const HubFile& file) const {
  const fs::path path = snapshot(commit) / file.path;
  return is_file(path) && file_bytes(path) == file.size;
}

void HubCache::link(const std::string& commit, const HubFile& file) const {
  if (holds(commit, file)) return;
  const fs::path name = snapshot(commit) / file.path;
  make_folders(name.parent_path());
  if (is_there(name)) system_calls().unlink(name.c_str());
  make_link(blob(file).lexically_relative(name.parent_path()), name);
}

HubCache::Lock::Lock(const HubCache& cache, const HubFile& file, const std::atomic<bool>& stop) {
  make_folders(cache.locks_);
  make_folders(cache.folder_ / "blobs");
  const fs::path path = cache.locks_ / (file.etag() + ".lock");
  while (true) {
    file_ = Descriptor::open(path, O_RDWR | O_CREAT);
    if (file_.number() < 0) {
      throw environment_error("{} cannot be opened: {}; give another --cache_dir.", path.string(),
                              std::generic_category().message(errno));
    }
    const bool locked = system_calls().flock(file_.number(), LOCK_EX | LOCK_NB) == 0;
    if (locked && file_.is_at(path)) return;
    if (!locked && errno != EWOULDBLOCK && errno != EINTR) return;  // no locks on this disk
    if (stop) throw Stopped();
    if (!locked) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

}  // namespace ovbake
