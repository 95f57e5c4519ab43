#include "source/safetensors_folder.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/folder.hpp"
#include "base/text.hpp"
#include "source/safetensors.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

void check_folder(const fs::path& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (fs::is_directory(status)) return;
  if (fs::exists(status)) {
    throw input_error(
        "{} is a file; MODEL must be the folder of a Hugging Face checkpoint, or a file *.gguf.",
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

std::span<const StoredTensor> add_file(CheckpointParts& parts, const ModelFiles& files,
                                       const std::string& name) {
  const auto file = files.open(name);
  const std::size_t first = parts.tensors.size();
  for (StoredTensor& tensor : read_safetensors_header(*file)) {
    tensor.file = parts.files.size();
    parts.tensors.push_back(std::move(tensor));
  }
  parts.files.push_back(file);
  return std::span(parts.tensors).subspan(first);
}

void add_shards(CheckpointParts& parts, const ModelFiles& files) {
  const fs::path index_path = files.folder / kIndexFile;
  std::vector<std::string> faults;
  for (auto& [shard, expected] : read_shard_index(index_path)) {
    try {
      compare(shard, std::move(expected), add_file(parts, files, shard), faults);
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

}  // namespace

CheckpointParts read_safetensors_folder(const ModelFiles& files) {
  check_folder(files.folder);
  const fs::path& folder = files.folder;
  CheckpointParts parts{.small_files = folder, .config = Config::load(folder)};
  const std::string single(kSingleFile);
  const bool is_single =
      files.weights.empty() ? is_there(folder / single) : files.weights.contains(single);
  if (is_single) {
    add_file(parts, files, single);
  } else if (is_there(folder / kIndexFile)) {
    add_shards(parts, files);
  } else {
    refuse_weights(folder.string(), names_in(folder));
  }
  return parts;
}

}  // namespace ovbake
