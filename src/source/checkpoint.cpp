#include "source/checkpoint.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/folder.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

void check_folder(const fs::path& folder) {
  if (is_folder(folder)) return;
  if (!is_there(folder)) {
    throw input_error(
        "There is no folder {}; MODEL must be the folder of a Hugging Face checkpoint.",
        folder.string());
  }
  if (!is_folder(real_path(folder))) {
    throw input_error("{} is a file; MODEL must be the folder of a Hugging Face checkpoint.",
                      folder.string());
  }
}

std::string without_period(std::string sentence) {
  if (sentence.ends_with('.')) sentence.pop_back();
  return sentence;
}

/// An adapter has no weights of a model: those are its base model's.
void refuse_adapter(const SmallFiles& checkpoint) {
  constexpr std::string_view kFile = "adapter_config.json";
  if (!checkpoint.has(kFile)) return;
  const Json adapter = checkpoint.json(kFile);
  const auto text = [&](const char* key) {
    const Json value = adapter.is_object() ? adapter.value(key, Json()) : Json();
    return value.is_string() ? value.get<std::string>() : std::string();
  };
  const std::string kind = text("peft_type") == "LORA" ? "LoRA" : text("peft_type");
  const std::string base = text("base_model_name_or_path");
  throw input_error(
      "{} holds a {} adapter of {} and not the model; merge it into that model "
      "(merge_and_unload of peft), save the result, and bake that.",
      checkpoint.folder().string(), kind.empty() ? "PEFT" : kind,
      base.empty() ? "another model" : quote(base));
}

/// Whether a file of weights can be read.
bool is_given(const ModelFiles& files, const std::string& name) {
  return files.weights.empty() ? is_there(files.folder / name) : files.weights.contains(name);
}

/// Every file that may be one of weights.
std::vector<std::string> names_of(const ModelFiles& files) {
  if (files.weights.empty()) return names_in(files.folder);
  std::vector<std::string> names;
  for (const auto& [name, file] : files.weights) names.push_back(name);
  return names;
}

}  // namespace

Checkpoint::Checkpoint(SmallFiles small_files, Config config)
    : small_files_(std::move(small_files)), config_(std::move(config)) {}

Checkpoint Checkpoint::open(const ModelFiles& files) {
  check_folder(files.folder);
  const SmallFiles small(files.folder);
  const std::string single(kSingleFile);
  const bool has_index = small.has(kIndexFile);
  if (!is_given(files, single) && !has_index) refuse_adapter(small);
  Checkpoint checkpoint(small, load_config(small));
  if (is_given(files, single)) {
    checkpoint.add_file(files, single);
  } else {
    checkpoint.add_shards(files, has_index
                                     ? read_shard_index(small)
                                     : numbered_shards(files.folder.string(), names_of(files)));
  }
  checkpoint.index_names();
  return checkpoint;
}

std::shared_ptr<const RandomAccess> Checkpoint::open_file(const std::string& name) {
  const fs::path path = small_files_.followed(name);
  places_.push_back(real_path(path));
  return std::make_shared<const File>(File::open(path));
}

void Checkpoint::add_file(const ModelFiles& files, const std::string& name) {
  const auto given = files.weights.find(name);
  const auto file = given != files.weights.end() ? given->second : open_file(name);
  for (StoredTensor& tensor : read_safetensors_header(*file)) {
    tensor.file = files_.size();
    tensors_.push_back(std::move(tensor));
  }
  files_.push_back(file);
}

/// Takes every tensor that a shard holds, wherever the index puts it, as transformers does.
void Checkpoint::add_shards(const ModelFiles& files, const ShardIndex& index) {
  std::vector<std::string> faults;
  for (const auto& [shard, tensors] : index) {
    absent_tensors_.insert(absent_tensors_.end(), tensors.begin(), tensors.end());
    if (!is_given(files, shard)) {
      absent_files_.push_back(shard);
      continue;
    }
    try {
      add_file(files, shard);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::input) throw;
      faults.push_back(without_period(error.what()));
    }
  }
  if (!faults.empty()) {
    throw input_error("Shards of {} cannot be read, download them again: {}.", folder().string(),
                      join_some(faults));
  }
  if (files_.empty()) {
    throw input_error("{} names files that are not there: {}; download them, or the index anew.",
                      small_files_.path_of(kIndexFile).string(), join_quoted(absent_files_));
  }
}

void Checkpoint::index_names() {
  by_name_.reserve(tensors_.size());
  for (const StoredTensor& tensor : tensors_) {
    const auto [known, is_new] = by_name_.emplace(tensor.name, &tensor);
    if (is_new) continue;
    throw input_error("{} and {} both hold a tensor {}; remove the file that is not of this model.",
                      file_of(*known->second).name(), file_of(tensor).name(), quote(tensor.name));
  }
  std::erase_if(absent_tensors_, [&](const std::string& name) { return by_name_.contains(name); });
}

const StoredTensor* Checkpoint::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

void Checkpoint::read(const StoredTensor& tensor, std::uint64_t offset,
                      std::span<std::byte> into) const {
  file_of(tensor).read(tensor.offset + offset, into);
}

void Checkpoint::expect(std::span<const StoredTensor* const> tensors) const {
  std::vector<std::vector<ByteRange>> ranges(files_.size());
  for (const StoredTensor* tensor : tensors) {
    ranges[tensor->file].push_back(tensor->range());
  }
  for (std::size_t file = 0; file < files_.size(); ++file) files_[file]->expect(ranges[file]);
}

void Checkpoint::drop_from_cache(const StoredTensor& tensor, const ByteRange& within) const {
  file_of(tensor).drop_from_cache({tensor.offset + within.begin, tensor.offset + within.end});
}

std::string Checkpoint::fingerprint() const {
  std::string text = small_files_.fingerprint();
  for (const auto& file : files_) text += file->fingerprint() + "\n";
  return text;
}

std::vector<fs::path> Checkpoint::places() const {
  std::vector<fs::path> places = small_files_.places();
  places.insert(places.end(), places_.begin(), places_.end());
  return places;
}

void Checkpoint::require_unchanged() const {
  small_files_.require_unchanged();
  for (const auto& file : files_) file->require_unchanged();
}

}  // namespace ovbake
