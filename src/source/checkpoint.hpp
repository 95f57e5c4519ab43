// A Hugging Face checkpoint: config.json, and the weights in one file (model.safetensors) or in
// shards (model.safetensors.index.json, or numbered names alone). Opening it reads headers only.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/random_access.hpp"
#include "source/config.hpp"
#include "source/model_files.hpp"
#include "source/safetensors.hpp"

namespace ovbake {

class Checkpoint {
 public:
  /// Throws an input error where the folder, config.json or the weights are missing or malformed.
  /// An index is believed in what files there are, not in what they hold: that their headers say.
  static Checkpoint open(const ModelFiles& files);
  static Checkpoint open(const std::filesystem::path& folder) {
    return open(ModelFiles{.folder = folder});
  }

  const std::filesystem::path& folder() const noexcept { return folder_; }
  const Config& config() const noexcept { return config_; }

  /// Every tensor, ordered by file and offset: the order in which a disk likes to be read.
  const std::vector<StoredTensor>& tensors() const noexcept { return tensors_; }
  /// Null where there is none of this name.
  const StoredTensor* find(std::string_view name) const;

  /// Files that the index names and that are not there, and tensors of the index that no file
  /// holds.
  const std::vector<std::string>& absent_files() const noexcept { return absent_files_; }
  const std::vector<std::string>& absent_tensors() const noexcept { return absent_tensors_; }

  /// The file in which `tensor` lies.
  const RandomAccess& file_of(const StoredTensor& tensor) const { return *files_[tensor.file]; }
  /// Fills `into` with bytes of `tensor`, from `offset` within it. Threads may call this at once.
  void read(const StoredTensor& tensor, std::uint64_t offset, std::span<std::byte> into) const;

  /// Another one for every other checkpoint, and for this one once a file of weights was written
  /// to.
  std::string fingerprint() const;

  /// Tells that `tensors`, ordered as tensors() are, will be read next, each byte as often as its
  /// tensor stands there.
  void expect(std::span<const StoredTensor* const> tensors) const;
  /// Lets the kernel forget cached pages of `tensor`.
  void drop_from_cache(const StoredTensor& tensor, const ByteRange& within) const;

  /// Throws an input error where a file of weights was written to since it was opened.
  void require_unchanged() const;

 private:
  Checkpoint(std::filesystem::path folder, Config config);
  void add_file(const ModelFiles& files, const std::string& name);
  void add_shards(const ModelFiles& files, const ShardIndex& index);
  void index_names();

  std::filesystem::path folder_;
  Config config_;
  std::vector<std::shared_ptr<const RandomAccess>> files_;
  std::vector<StoredTensor> tensors_;
  std::vector<std::string> absent_files_, absent_tensors_;
  std::unordered_map<std::string_view, const StoredTensor*> by_name_;
};

}  // namespace ovbake
