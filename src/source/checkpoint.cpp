#include "source/checkpoint.hpp"

#include <utility>

#include "source/gguf/gguf_checkpoint.hpp"
#include "source/safetensors_folder.hpp"
#include "source/stored_bytes.hpp"

namespace ovbake {
Checkpoint::Checkpoint(CheckpointParts parts) : parts_(std::move(parts)) {
  by_name_.reserve(parts_.tensors.size());
  for (const StoredTensor& tensor : parts_.tensors) by_name_.emplace(tensor.name, &tensor);
}

Checkpoint Checkpoint::open(const ModelFiles& files) {
  return Checkpoint(is_gguf(files) ? read_gguf_checkpoint(files) : read_safetensors_folder(files));
}

SmallFiles open_small_files(const ModelFiles& files) {
  return is_gguf(files) ? read_gguf_checkpoint(files).small_files : SmallFiles(files.folder);
}

const StoredTensor* Checkpoint::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

void Checkpoint::read(const StoredTensor& tensor, std::uint64_t offset,
                      std::span<std::byte> into) const {
  read_stored(file_of(tensor), tensor, offset, into);
}

void Checkpoint::expect(std::span<const StoredTensor* const> tensors) const {
  std::vector<std::vector<ByteRange>> ranges(parts_.files.size());
  for (const StoredTensor* tensor : tensors) {
    ranges[tensor->file].push_back(tensor->range());
  }
  for (std::size_t file = 0; file < ranges.size(); ++file) parts_.files[file]->expect(ranges[file]);
}

void Checkpoint::drop_from_cache(const StoredTensor& tensor, const ByteRange& within) const {
  file_of(tensor).drop_from_cache({tensor.offset + within.begin, tensor.offset + within.end});
}

std::string Checkpoint::fingerprint() const {
  std::string text;
  for (const auto& file : parts_.files) text += file->fingerprint() + "\n";
  return text;
}

void Checkpoint::require_unchanged() const {
  for (const auto& file : parts_.files) file->require_unchanged();
}

}  // namespace ovbake
