#include "source/gguf/gguf_checkpoint.hpp"

#include <algorithm>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/folder.hpp"
#include "base/json.hpp"
#include "source/gguf/architecture.hpp"
#include "source/gguf/gguf_file.hpp"
#include "source/gguf/gguf_names.hpp"
#include "source/gguf/tokenizer.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code none;
  return fs::is_regular_file(path, none);
}

std::vector<std::string> names_in(const fs::path& folder) {
  return SmallFiles(folder.empty() ? fs::path(".") : folder).names();
}

/// The files of weights, opened.
std::vector<std::shared_ptr<const RandomAccess>> open_parts(const ModelFiles& files) {
  std::vector<std::string> names;
  ModelFiles within = files;
  if (!files.weights.empty()) {
    for (const auto& [name, file] : files.weights) names.push_back(name);
    names = only_gguf(files.folder.string(), names);
  } else if (is_file(files.folder)) {
    within.folder = files.folder.parent_path();
    const std::string name = files.folder.filename().string();
    names = gguf_parts(files.folder.string(), name, names_in(within.folder));
  } else {
    names = only_gguf(files.folder.string(), names_in(files.folder));
  }
  std::vector<std::shared_ptr<const RandomAccess>> opened;
  for (const std::string& name : names) opened.push_back(within.open(name));
  return opened;
}

/// The metadata of the first file, and the tensors of all.
GgufFile read_headers(const std::vector<std::shared_ptr<const RandomAccess>>& files) {
  GgufFile all = read_gguf_header(*files.front());
  for (std::size_t i = 1; i < files.size(); ++i) {
    for (StoredTensor& tensor : read_gguf_header(*files[i]).tensors) {
      tensor.file = i;
      all.tensors.push_back(std::move(tensor));
    }
  }
  const std::int64_t parts = all.metadata.integer("split.count", 1);
  if (!std::cmp_equal(std::max<std::int64_t>(parts, 1), files.size())) {
    throw input_error("{} is one of {} parts, but {} are here by their names.",
                      all.metadata.where(), parts, files.size());
  }
  return all;
}

void refuse_unread_keys(const GgufMetadata& metadata, const GgufArchitecture& architecture) {
  const auto unread = metadata.unread_keys(std::string(architecture.name) + ".");
  if (unread.empty()) return;
  throw input_error(
      "{}: {} may change what the model computes and is not understood for this architecture; a "
      "model that needs it cannot be baked yet.",
      metadata.where(), fmt::join(unread, ", "));
}

}  // namespace

bool is_gguf(const ModelFiles& files) {
  if (!files.weights.empty()) return is_gguf_name(files.weights.begin()->first);
  if (is_file(files.folder)) return is_gguf_name(files.folder.string());
  if (is_there(files.folder / kSingleFile) || is_there(files.folder / kIndexFile)) return false;
  return std::ranges::any_of(names_in(files.folder), is_gguf_name);
}

CheckpointParts read_gguf_checkpoint(const ModelFiles& files) {
  auto opened = open_parts(files);
  const GgufFile gguf = read_headers(opened);
  const GgufArchitecture& architecture = find_gguf_architecture(gguf.metadata);
  const GgufModel model(gguf.metadata, gguf.tensors, [&](const StoredTensor& tensor) {
    std::vector<float> values(tensor.bytes / sizeof(float));
    opened[tensor.file]->read(tensor.offset, std::as_writable_bytes(std::span(values)));
    return values;
  });
  const Json config = architecture.config(model);
  refuse_unread_keys(gguf.metadata, architecture);

  const std::string& where = gguf.metadata.where();
  GgufTokenizer tokenizer = read_gguf_tokenizer(gguf.metadata);
  tokenizer.files["config.json"] = config.dump(2) + "\n";
  CheckpointParts parts{
      .small_files = SmallFiles(where, std::move(tokenizer.files), std::move(tokenizer.remark)),
      .config = Config(config, where)};
  for (const StoredTensor& tensor : gguf.tensors) {
    std::ranges::move(renamed(tensor, model, architecture), std::back_inserter(parts.tensors));
  }
  parts.files = std::move(opened);
  return parts;
}

}  // namespace ovbake
