// The options of a compression, checked and in the words of the plan.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <ovbake/ovbake.hpp>

#include "compression/format.hpp"

namespace ovbake {

/// What happens to a weight whose rows the group size does not divide.
enum class GroupSizeFallback { error, ignore, adjust };

struct Recipe {
  const WeightFormat* primary;
  /// Of what does not get the primary format; null: it keeps the type that the model is loaded in.
  const WeightFormat* backup;
  std::int64_t primary_group_size;
  std::int64_t backup_group_size;
  GroupSizeFallback fallback;
  double ratio;
  bool all_layers;
  bool awq;
  std::vector<std::string> ignore;

  /// Whether a pattern of `ignore` matches the name of a weight.
  bool ignores(const std::string& name) const;

  /// All weights get the primary format: nothing is sensitive enough for a backup.
  bool uniform() const { return primary->groups == WeightFormat::Groups::none; }
};

/// The backup precision in NNCF's words: the one asked for, or NNCF's default for the format.
std::string backup_precision(const CompressionOptions& options);

/// Throws a usage error that lists every option that is out of its range.
Recipe read_recipe(const CompressionOptions& options);

}  // namespace ovbake
