#include "source/checkpoint.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSingleFile = "model.safetensors";
constexpr std::string_view kIndexFile = "model.safetensors.index.json";
constexpr std::uint64_t kMaxIndexBytes = 64 << 20;

/// "org/name", as models are called on a hub.
bool looks_like_hub_id(const fs::path& path) {
  const std::string text = path.string();
  return std::ranges::count(text, '/') == 1 && text.front() != '/' && text.back() != '/' &&
         text.front() != '.';
}

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
  if (looks_like_hub_id(folder)) {
    throw input_error(
        "There is no folder {}; if it is the id of a model on a hub, download it first and give "
        "its "
        "folder, since ids are not read yet.",
        folder.string());
  }
  throw input_error("There is no folder {}; MODEL must be the folder of a Hugging Face checkpoint.",
                    folder.string());
}

/// Throws for a folder with neither model.safetensors nor its index, saying what it has instead.
[[noreturn]] void refuse_weights(const fs::path& folder) {
  std::vector<std::string> pickles;
  std::vector<std::string> others;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const fs::path extension = entry.path().extension();
    const std::string name = quote(entry.path().filename().string());
    if (extension == ".bin" || extension == ".pt" || extension == ".pth" || extension == ".ckpt") {
      pickles.push_back(name);
    } else if (extension == ".safetensors" || extension == ".gguf") {
      others.push_back(name);
    }
  }
  if (error) throw input_error("{} cannot be read: {}.", folder.string(), error.message());
  std::ranges::sort(pickles);
  std::ranges::sort(others);
  if (!others.empty()) {
    throw input_error("{} has neither {} nor {}; weights of other names are not read: {}.",
                      folder.string(), kSingleFile, kIndexFile, join_some(others));
  }
  if (!pickles.empty()) {
    throw input_error(
        "{} has weights as pickles only ({}), which are never read because loading one can run any "
        "program; save the model as safetensors, as transformers' save_pretrained does.",
        folder.string(), join_some(pickles));
  }
  throw input_error("{} has no weights: neither {} nor {}.", folder.string(), kSingleFile,
                    kIndexFile);
}

/// The weight_map of an index: shards, sorted, and what each is said to hold.
using Index = std::map<std::string, std::vector<std::string>>;

/// A shard lies in the folder of its index, so its name is one component of a path.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos;
}

Index read_index(const fs::path& path) {
  const Json json = read_json(path, kMaxIndexBytes);
  if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object() ||
      json["weight_map"].empty()) {
    throw input_error("{} has no weight_map from tensors to files.", path.string());
  }
  Index index;
  for (const auto& [tensor, file] : json["weight_map"].items()) {
    if (!file.is_string() || !is_plain_name(file.get_ref<const std::string&>())) {
      throw input_error("{} maps tensor {} to {}, which is no name of a file beside it.",
                        path.string(), quote(tensor),
                        quote(file.is_string() ? file.get<std::string>() : file.dump()));
    }
    index[file.get<std::string>()].push_back(tensor);
  }
  return index;
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

Checkpoint Checkpoint::open(const fs::path& folder) {
  check_folder(folder);
  Checkpoint checkpoint(folder, Config::load(folder));
  if (is_there(folder / kSingleFile)) {
    checkpoint.add_file(File::open(folder / kSingleFile));
  } else if (is_there(folder / kIndexFile)) {
    checkpoint.add_shards();
  } else {
    refuse_weights(folder);
  }
  checkpoint.by_name_.reserve(checkpoint.tensors_.size());
  for (const StoredTensor& tensor : checkpoint.tensors_) {
    checkpoint.by_name_.emplace(tensor.name, &tensor);
  }
  return checkpoint;
}

std::span<const StoredTensor> Checkpoint::add_file(File file) {
  const std::size_t first = tensors_.size();
  for (StoredTensor& tensor : read_safetensors_header(file)) {
    tensor.file = files_.size();
    tensors_.push_back(std::move(tensor));
  }
  files_.push_back(std::move(file));
  return std::span(tensors_).subspan(first);
}

void Checkpoint::add_shards() {
  const fs::path index_path = folder_ / kIndexFile;
  std::vector<std::string> faults;
  for (auto& [shard, expected] : read_index(index_path)) {
    try {
      compare(shard, std::move(expected), add_file(File::open(folder_ / shard)), faults);
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
  files_[tensor.file].read(tensor.offset + offset, into);
}

std::string Checkpoint::fingerprint() const {
  std::string text;
  for (const File& file : files_) text += file.fingerprint() + "\n";
  return text;
}

void Checkpoint::require_unchanged() const {
  for (const File& file : files_) file.require_unchanged();
}

}  // namespace ovbake
