#include "source/model_files.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kMaxIndexBytes = 64 << 20;

/// A shard lies in the folder of its index, so its name is one component of a path.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos;
}

/// The quoted names that end in one of `endings`, sorted.
std::vector<std::string> ending_in(const std::vector<std::string>& names,
                                   std::span<const std::string_view> endings) {
  std::vector<std::string> found;
  for (const std::string& name : names) {
    const auto fits = [&](std::string_view ending) { return name.ends_with(ending); };
    if (std::ranges::any_of(endings, fits)) found.push_back(quote(name));
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace

ShardIndex read_shard_index(const std::filesystem::path& path) {
  const Json json = read_json(path, kMaxIndexBytes);
  if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object() ||
      json["weight_map"].empty()) {
    throw input_error("{} has no weight_map from tensors to files.", path.string());
  }
  ShardIndex index;
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

void refuse_weights(std::string_view where, const std::vector<std::string>& names) {
  constexpr auto kPickles = std::to_array<std::string_view>({".bin", ".pt", ".pth", ".ckpt"});
  constexpr auto kOthers = std::to_array<std::string_view>({".safetensors", ".gguf"});
  if (const auto others = ending_in(names, kOthers); !others.empty()) {
    throw input_error("{} has neither {} nor {}; weights of other names are not read: {}.", where,
                      kSingleFile, kIndexFile, join_some(others));
  }
  if (const auto pickles = ending_in(names, kPickles); !pickles.empty()) {
    throw input_error(
        "{} has weights as pickles only ({}), which are never read because loading one can run any "
        "program; save the model as safetensors, as transformers' save_pretrained does.",
        where, join_some(pickles));
  }
  throw input_error("{} has no weights: neither {} nor {}.", where, kSingleFile, kIndexFile);
}

}  // namespace ovbake
