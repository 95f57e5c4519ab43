#include "source/checkpoint.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/folder.hpp"
#include "base/text.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

void check_folder(const fs::path& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (fs::is_directory(status)) return;
  if (fs::exists(status)) {
    throw input_error("{} is a file; MODEL must be the folder of a Hugging Face checkpoint.",
                      folder.string());
  }
  if (status.type() != fs::file_type::not_found) {
    throw input_error("{} cannot be read: {}.", folder.string(), error.message());
  }
  throw input_error("There is no folder {}; MODEL must be the folder of a Hugging Face checkpoint.",
                    folder.string());
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    names.push_back(entry.path().filename().string());
  }
  if (error) throw input_error("{} cannot be read: {}.", folder.string(), error.message());
  return names;
}

std::string without_period(std::string sentence) {
  if (sentence.ends_with('.')) sentence.pop_back();
  return sentence;
}

/// Appends where a shard's header and its part of the index differ.
void compare(const std::string& shard, std::vector<std::string> expected,
             std::span<const StoredTensor> tensors, std::vector<std::string>& faults) {
  std::vector<std::string> found;
  for (const StoredTensor& tensor : tensors) found.push_back(tensor.name);
  std::ranges::sort(expected);
  std::ranges::sort(found);

  std::vector<std::string> absent;
  std::ranges::set_difference(expected, found, std::back_inserter(absent));
  for (const std::string& name : absent) {
    faults.push_back(fmt::format("{} lacks tensor {} of the index", quote(shard), quote(name)));
  }
  std::vector<std::string> surplus;
  std::ranges::set_difference(found, expected, std::back_inserter(surplus));
  for (const std::string& name : surplus) {
    faults.push_back(fmt::format("{} has tensor {}, which the index does not map to it",
                                 quote(shard), quote(name)));
  }
}

}  // namespace

Checkpoint::Checkpoint(fs::path folder, Config config)
    : folder_(std::move(folder)), config_(std::move(config)) {}

Checkpoint Checkpoint::open(const ModelFiles& files) {
  check_folder(files.folder);
  const fs::path& folder = files.folder;
  Checkpoint checkpoint(folder, Config::load(folder));
  const std::string single(kSingleFile);
  const bool is_single =
      files.weights.empty() ? is_there(folder / single) : files.weights.contains(single);
  if (is_single) {
    checkpoint.add_file(files, single);
  } else if (is_there(folder / kIndexFile)) {
    checkpoint.add_shards(files);
  } else {
    refuse_weights(folder.string(), names_in(folder));
  }
  checkpoint.by_name_.reserve(checkpoint.tensors_.size());
  for (const StoredTensor& tensor : checkpoint.tensors_) {
    checkpoint.by_name_.emplace(tensor.name, &tensor);
  }
  return checkpoint;
}

std::span<const StoredTensor> Checkpoint::add_file(const ModelFiles& files,
                                                   const std::string& name) {
  const auto given = files.weights.find(name);
  const auto file = given != files.weights.end()
                        ? given->second
                        : std::make_shared<const File>(File::open(files.folder / name));
  const std::size_t first = tensors_.size();
  for (StoredTensor& tensor : read_safetensors_header(*file)) {
    tensor.file = files_.size();
    tensors_.push_back(std::move(tensor));
  }
  files_.push_back(file);
  return std::span(tensors_).subspan(first);
}

void Checkpoint::add_shards(const ModelFiles& files) {
  const fs::path index_path = folder_ / kIndexFile;
  std::vector<std::string> faults;
  for (auto& [shard, expected] : read_shard_index(index_path)) {
    try {
      compare(shard, std::move(expected), add_file(files, shard), faults);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::input) throw;
      faults.push_back(without_period(error.what()));
    }
  }
  if (!faults.empty()) {
    throw input_error("{} and its shards do not fit together, download them again: {}.",
                      index_path.string(), join_some(faults));
  }
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
  std::string text;
  for (const auto& file : files_) text += file->fingerprint() + "\n";
  return text;
}

void Checkpoint::require_unchanged() const {
  for (const auto& file : files_) file->require_unchanged();
}

}  // namespace ovbake
