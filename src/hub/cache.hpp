// The folder that huggingface_hub keeps models in, and that it shares with us:
//   models--org--name/refs/main                     the commit that a branch or tag stood at
//   models--org--name/blobs/ETAG                    a file, by the digest of its content
//   models--org--name/blobs/ETAG.incomplete         what has come of it so far
//   models--org--name/snapshots/COMMIT/NAME         → ../../blobs/ETAG
//   models--org--name/trees/COMMIT.json             what the hub lists at a commit
//   .locks/models--org--name/ETAG.lock              locked (flock) while a process fetches the file
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "hub/client.hpp"

namespace ovbake {

class HubCache {
 public:
  HubCache(const std::filesystem::path& cache, const std::string& model_id);

  const std::filesystem::path& folder() const noexcept { return folder_; }

  /// The commit that `revision` stood at when it was last looked up; a commit stands for itself.
  std::optional<std::string> commit_of(const std::string& revision) const;
  void remember_commit(const std::string& revision, const std::string& commit) const;

  /// What the hub listed at a commit; nothing where that is not known.
  std::optional<std::vector<HubFile>> listing(const std::string& commit) const;
  void remember_listing(const std::string& commit, const std::vector<HubFile>& files) const;

  std::filesystem::path snapshot(const std::string& commit) const;
  std::filesystem::path blob(const HubFile& file) const;
  std::filesystem::path incomplete(const HubFile& file) const;
  /// Whether the snapshot has the file.
  bool holds(const std::string& commit, const HubFile& file) const;
  /// Puts a blob that is there into the snapshot.
  void link(const std::string& commit, const HubFile& file) const;

  /// The right to fetch a file, waited for; throws Stopped where it is told to.
  class Lock {
   public:
    Lock(const HubCache& cache, const HubFile& file, const std::atomic<bool>& stop);

   private:
    Descriptor file_;
  };

 private:
  std::filesystem::path folder_;
  std::filesystem::path locks_;
};

/// Whether `text` is a whole hash of a commit.
bool is_commit(std::string_view text);

}  // namespace ovbake
