#include "architecture/nearest_family.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include "architecture/family.hpp"
#include "architecture/unread_keys.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace ovbake {
namespace {

constexpr std::size_t kMaxGroups = 3;
/// Names that begin alike for fewer letters are alike by chance.
constexpr std::size_t kMinAlike = 3;

/// What a family would make of a checkpoint.
struct Likeness {
  std::string_view model_type;
  std::size_t letters = 0;  ///< With which its name and the model_type begin alike.
  std::size_t needed = 0;   ///< Tensors, in the family's description.
  std::size_t shared = 0;   ///< Of those, in the checkpoint too.
  std::vector<std::string> unknown_keys;

  double share(std::size_t stored) const {
    const std::size_t all = needed + stored - shared;
    return all == 0 ? 0 : static_cast<double>(shared) / static_cast<double>(all);
  }
};

/// Those that the checkpoint has of a tensor, or would have.
std::vector<std::string> stored_names(const TensorRef& tensor, const Checkpoint& checkpoint) {
  if (tensor.layouts.empty()) return {tensor.name};
  const auto found = std::ranges::find_if(tensor.layouts, [&](const StackLayout& layout) {
    return checkpoint.find(layout.name_of(0)) != nullptr;
  });
  const StackLayout& layout = found == tensor.layouts.end() ? tensor.layouts.front() : *found;
  std::vector<std::string> names;
  const std::int64_t count = layout.is_numbered() ? tensor.shape[0] : 1;
  for (std::int64_t i = 0; i < count; ++i) names.push_back(layout.name_of(i));
  return names;
}

Likeness likeness(const Family& family, std::string_view model_type, const Json& json,
                  const Checkpoint& checkpoint) {
  Likeness result{.model_type = family.model_types.front()};
  const auto differs = std::ranges::mismatch(result.model_type, model_type);
  result.letters = static_cast<std::size_t>(differs.in1 - result.model_type.begin());
  try {
    const Config config(json, checkpoint.config().where());
    for_each_tensor(family.describe(config), [&](const TensorRef& tensor) {
      for (const std::string& name : stored_names(tensor, checkpoint)) {
        result.needed += 1;
        result.shared += checkpoint.find(name) != nullptr ? 1 : 0;
      }
    });
    result.unknown_keys = objections(config, result.model_type);
  } catch (const Error&) {
    result.needed = result.shared = 0;
  }
  return result;
}

std::string difference(const Likeness& likeness, std::size_t stored) {
  if (likeness.needed == 0) return "by name";
  std::string text = fmt::format("{} of {} tensors are here, {} others are", likeness.shared,
                                 likeness.needed, stored - likeness.shared);
  if (!likeness.unknown_keys.empty()) {
    text += fmt::format(", {} would not be understood", fmt::join(likeness.unknown_keys, ", "));
  }
  return text;
}

/// The nearest first; none that has neither a tensor nor the beginning of its name in common.
std::vector<Likeness> by_likeness(std::string_view model_type, const Checkpoint& checkpoint) {
  const Json json = checkpoint.small_files().json("config.json");
  std::vector<Likeness> all;
  for (const Family* family : families()) {
    all.push_back(likeness(*family, model_type, json, checkpoint));
  }
  std::erase_if(all,
                [](const Likeness& one) { return one.shared == 0 && one.letters < kMinAlike; });
  std::ranges::stable_sort(all, std::greater(), [&](const Likeness& one) {
    return std::tuple(one.share(checkpoint.tensors().size()), one.letters,
                      -static_cast<double>(one.unknown_keys.size()));
  });
  return all;
}

}  // namespace

std::string nearest_families(std::string_view model_type, const Checkpoint& checkpoint) {
  std::vector<std::string> differences;
  std::vector<std::string> names;
  for (const Likeness& one : by_likeness(model_type, checkpoint)) {
    std::string text = difference(one, checkpoint.tensors().size());
    if (!differences.empty() && differences.back() == text) {
      names.back() += fmt::format(", {}", one.model_type);
    } else if (names.size() < kMaxGroups) {
      differences.push_back(std::move(text));
      names.emplace_back(one.model_type);
    } else {
      break;
    }
  }
  std::vector<std::string> groups;
  for (std::size_t i = 0; i < names.size(); ++i) {
    groups.push_back(fmt::format("{} ({})", names[i], differences[i]));
  }
  return fmt::format("{}", fmt::join(groups, "; "));
}

}  // namespace ovbake
