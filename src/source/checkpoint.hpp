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
#include "source/small_files.hpp"

namespace ovbake {

class Checkpoint {
 public:
  /// Throws an input error where the folder, config.json or the weights are missing or malformed.
  /// An index is believed in what files there are, not in what they hold: that their headers say.
  static Checkpoint open(const ModelFiles& files);
  static Checkpoint open(const std::filesystem::path& folder) {
    return open(ModelFiles{.folder = folder});
  }

  const std::filesystem::path& folder() const noexcept { return small_files_.folder(); }
  /// Its other files than weights.
  const SmallFiles& small_files() const noexcept { return small_files_; }
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
  /// to, or a small file that was read has other content.
  std::string fingerprint() const;

  /// Tells that `tensors`, ordered as tensors() are, will be read next, each byte as often as its
  /// tensor stands there.
  void expect(std::span<const StoredTensor* const> tensors) const;
  /// Lets the kernel forget cached pages of `tensor`.
  void drop_from_cache(const StoredTensor& tensor, const ByteRange& within) const;

  /// Throws an input error where a file was written to, or replaced, since it was opened.
  void require_unchanged() const;
  /// Where its files lie, links followed, as far as they are on this machine.
  std::vector<std::filesystem::path> places() const;

 private:
  Checkpoint(SmallFiles small_files, Config config);
  std::shared_ptr<const RandomAccess> open_file(const std::string& name);
  void add_file(const ModelFiles& files, const std::string& name);
  void add_shards(const ModelFiles& files, const ShardIndex& index);
  void index_names();

  SmallFiles small_files_;
  Config config_;
  std::vector<std::shared_ptr<const RandomAccess>> files_;
  std::vector<std::filesystem::path> places_;
  std::vector<StoredTensor> tensors_;
  std::vector<std::string> absent_files_, absent_tensors_;
  std::unordered_map<std::string_view, const StoredTensor*> by_name_;
};

}  // namespace ovbake
