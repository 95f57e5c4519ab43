// The files of a checkpoint, by the names that transformers gives them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random_access.hpp"
#include "source/small_files.hpp"

namespace ovbake {

inline constexpr std::string_view kSingleFile = "model.safetensors";
inline constexpr std::string_view kIndexFile = "model.safetensors.index.json";

/// Where a checkpoint is: all of it in a folder, or weights elsewhere.
struct ModelFiles {
  std::filesystem::path folder;
  /// By name; where there are any, those of the folder are not looked at.
  std::map<std::string, std::shared_ptr<const RandomAccess>> weights{};
};

/// A file of weights, and the tensors that an index says it holds.
using ShardIndex = std::map<std::string, std::vector<std::string>>;

/// Reads model.safetensors.index.json. Throws an input error where it is malformed or names a file
/// that does not lie beside it.
ShardIndex read_shard_index(const SmallFiles& checkpoint);

/// Of a checkpoint that lies at `where` and has neither model.safetensors nor its index: the files
/// NAME-00001-of-0000N.safetensors among `names`, if they are the whole of one set; the tensors
/// that they hold are not known. Throws an input error that says what else there is, or which files
/// of the set are missing.
ShardIndex numbered_shards(std::string_view where, const std::vector<std::string>& names);

}  // namespace ovbake
