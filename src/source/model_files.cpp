#include "source/model_files.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>
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

/// The error for a checkpoint without weights of a name that is read: says what it has instead.
[[noreturn]] void refuse_weights(std::string_view where, const std::vector<std::string>& names) {
  constexpr auto kSafetensors = std::to_array<std::string_view>({".safetensors"});
  constexpr auto kGguf = std::to_array<std::string_view>({".gguf"});
  constexpr auto kPickles = std::to_array<std::string_view>({".bin", ".pt", ".pth", ".ckpt"});
  if (const auto others = ending_in(names, kSafetensors); !others.empty()) {
    throw input_error(
        "{} has neither {} nor {}; weights of other names are not read: {}; if one of them holds the "
        "whole model, name it {}.",
        where, kSingleFile, kIndexFile, join_some(others), kSingleFile);
  }
  if (const auto gguf = ending_in(names, kGguf); !gguf.empty()) {
    throw input_error(
        "{} has weights as GGUF only ({}); bake the checkpoint that they were converted from.",
        where, join_some(gguf));
  }
  if (const auto pickles = ending_in(names, kPickles); !pickles.empty()) {
    throw input_error(
        "{} has weights as pickles only ({}), which are never read because loading one can run any "
        "program; save the model as safetensors, as transformers' save_pretrained does.",
        where, join_some(pickles));
  }
  throw input_error("{} has no weights: neither {} nor {}.", where, kSingleFile, kIndexFile);
}

/// "model-*-of-00002.safetensors" and 1 of "model-00001-of-00002.safetensors".
struct NumberedName {
  std::string frame;
  std::size_t number;
};

constexpr std::size_t kDigits = 5;
constexpr std::string_view kOf = "-of-";
constexpr std::string_view kEnding = ".safetensors";

bool is_number(std::string_view text) {
  return text.size() == kDigits && text.find_first_not_of("0123456789") == text.npos;
}

std::optional<NumberedName> numbered(const std::string& name) {
  constexpr std::size_t kTail = kDigits + kOf.size() + kDigits + kEnding.size();
  if (name.size() <= kTail || !name.ends_with(kEnding)) return std::nullopt;
  const std::size_t first = name.size() - kTail;
  const std::string_view tail = std::string_view(name).substr(first);
  const std::string_view last = tail.substr(kDigits + kOf.size(), kDigits);
  if (last == "00000" || tail.substr(kDigits, kOf.size()) != kOf ||
      !is_number(tail.substr(0, kDigits)) || !is_number(last) || name[first - 1] != '-') {
    return std::nullopt;
  }
  return NumberedName{fmt::format("{}*{}", name.substr(0, first), name.substr(first + kDigits)),
                      std::stoul(name.substr(first, kDigits))};
}

std::map<std::string, std::set<std::size_t>> numbered_sets(const std::vector<std::string>& names) {
  std::map<std::string, std::set<std::size_t>> sets;
  for (const std::string& name : names) {
    if (const auto shard = numbered(name)) sets[shard->frame].insert(shard->number);
  }
  return sets;
}

/// How many shards a set has.
std::size_t last_number(const std::string& frame) {
  return std::stoul(frame.substr(frame.size() - kEnding.size() - kDigits, kDigits));
}

std::string shard_name(const std::string& frame, std::size_t number) {
  const std::size_t star = frame.rfind('*');
  return fmt::format("{}{:05}{}", frame.substr(0, star), number, frame.substr(star + 1));
}

}  // namespace

ShardIndex read_shard_index(const SmallFiles& checkpoint) {
  const std::filesystem::path path = checkpoint.path_of(kIndexFile);
  const Json json = checkpoint.json(kIndexFile, kMaxIndexBytes);
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

ShardIndex numbered_shards(std::string_view where, const std::vector<std::string>& names) {
  const std::map<std::string, std::set<std::size_t>> sets = numbered_sets(names);
  if (sets.size() != 1) refuse_weights(where, names);
  const auto& [frame, numbers] = *sets.begin();
  ShardIndex index;
  std::vector<std::string> missing;
  for (std::size_t number = 1; number <= last_number(frame); ++number) {
    const std::string name = shard_name(frame, number);
    if (numbers.contains(number)) {
      index[name];
    } else {
      missing.push_back(name);
    }
  }
  if (missing.empty()) return index;
  throw input_error(
      "{} has neither {} nor {}, and its numbered files are not whole; download what is missing: "
      "{}.",
      where, kSingleFile, kIndexFile, join_quoted(missing));
}

}  // namespace ovbake
