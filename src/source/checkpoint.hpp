// A checkpoint: a model's config, its tensors, and its small files. It comes from the folder of a
// Hugging Face model (config.json, and safetensors in one file or in shards) or from GGUF. Opening
// it reads headers only.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/random_access.hpp"
#include "source/checkpoint_parts.hpp"
#include "source/model_files.hpp"

namespace ovbake {

class Checkpoint {
 public:
  /// Throws an input error where the folder, config.json or the weights are missing or malformed,
  /// or where the files of weights do not fit together.
  static Checkpoint open(const ModelFiles& files);
  static Checkpoint open(const std::filesystem::path& model) {
    return open(ModelFiles{.folder = model});
  }
  explicit Checkpoint(CheckpointParts parts);

  /// The folder or the file, as messages call it.
  const std::string& where() const noexcept { return parts_.small_files.where(); }
  const SmallFiles& small_files() const noexcept { return parts_.small_files; }
  const Config& config() const noexcept { return parts_.config; }

  /// Every tensor, ordered by file and offset: the order in which a disk likes to be read.
  const std::vector<StoredTensor>& tensors() const noexcept { return parts_.tensors; }
  /// Null where there is none of this name.
  const StoredTensor* find(std::string_view name) const;

  /// The file in which `tensor` lies.
  const RandomAccess& file_of(const StoredTensor& tensor) const {
    return *parts_.files[tensor.file];
  }
  /// Fills `into` with bytes of `tensor`, from `offset` within it, and undoes what was done to it
  /// before it was stored (StoredTensor). Threads may call this at once.
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
  CheckpointParts parts_;
  std::unordered_map<std::string_view, const StoredTensor*> by_name_;
};

/// The small files of a model, for which a folder's weights need not be there.
SmallFiles open_small_files(const ModelFiles& files);

}  // namespace ovbake
