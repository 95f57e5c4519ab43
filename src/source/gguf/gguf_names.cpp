#include "source/gguf/gguf_names.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "base/error.hpp"

namespace ovbake {
namespace {

constexpr std::string_view kEnding = ".gguf";
constexpr int kMostParts = 10'000;

/// "model" and 3 for "model-00002-of-00003.gguf".
struct Split {
  std::string stem;
  int parts;
};

std::string part_name(const Split& split, int part) {
  return fmt::format("{}-{:05}-of-{:05}{}", split.stem, part, split.parts, kEnding);
}

std::optional<Split> split_of(std::string_view name) {
  constexpr std::string_view kPattern = "-00001-of-00003";
  if (!name.ends_with(kEnding)) return std::nullopt;
  name.remove_suffix(kEnding.size());
  if (name.size() < kPattern.size()) return std::nullopt;
  const std::string_view numbers = name.substr(name.size() - kPattern.size());
  int part = 0;
  int parts = 0;
  std::from_chars(numbers.data() + 1, numbers.data() + 6, part);
  std::from_chars(numbers.data() + 10, numbers.data() + 15, parts);
  const Split split{std::string(name.substr(0, name.size() - kPattern.size())), parts};
  const bool is_part = part >= 1 && part <= parts && parts < kMostParts &&
                       part_name(split, part) == std::string(name) + std::string(kEnding);
  return is_part ? std::optional(split) : std::nullopt;
}

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

bool is_gguf_name(std::string_view name) {
  return name.ends_with(kEnding) && file_name(name).find("mmproj") == std::string_view::npos;
}

std::vector<std::string> gguf_parts(std::string_view where, const std::string& name,
                                    const std::vector<std::string>& names) {
  const std::optional<Split> split = split_of(name);
  if (!split) return {name};
  std::vector<std::string> parts;
  std::vector<std::string> missing;
  for (int part = 1; part <= split->parts; ++part) {
    parts.push_back(part_name(*split, part));
    if (std::ranges::find(names, parts.back()) == names.end()) {
      missing.push_back(quote(parts.back()));
    }
  }
  if (!missing.empty()) {
    throw input_error("{} lacks parts of a model in {}: {}; complete the download.", where,
                      split->parts, join_some(missing));
  }
  return parts;
}

std::vector<std::string> only_gguf(std::string_view where, const std::vector<std::string>& names) {
  std::map<std::string, std::string> models;  // by what its parts have in common
  for (const std::string& name : names) {
    if (!is_gguf_name(name)) continue;
    const std::optional<Split> split = split_of(name);
    models.emplace(split ? split->stem + fmt::format("/{}", split->parts) : name, name);
  }
  if (models.empty()) return {};
  if (models.size() == 1) return gguf_parts(where, models.begin()->second, names);
  std::vector<std::string> choices;
  for (const auto& [model, name] : models) choices.push_back(name);
  throw input_error("{} holds {} GGUF models; say which by --model_id {}/NAME: {}.", where,
                    models.size(), where, fmt::join(choices, ", "));
}

}  // namespace ovbake
