// Options of a compression as tests/record/nncf_formats.py records them.
#pragma once

#include <string>
#include <vector>

#include <ovbake/ovbake.hpp>

#include "base/json.hpp"

namespace ovbake {

inline CompressionOptions recorded_options(const Json& recorded) {
  CompressionOptions options;
  options.weight_format = recorded["weight_format"];
  if (recorded.contains("group_size")) options.group_size = recorded["group_size"];
  options.ratio = recorded.value("ratio", 1.0);
  options.group_size_fallback = recorded.value("group_size_fallback", "adjust");
  options.backup_precision = recorded.value("backup_precision", "");
  options.all_layers = recorded.value("all_layers", false);
  options.awq = recorded.value("awq", false);
  options.ignore = recorded.value("ignore", std::vector<std::string>{});
  return options;
}

}  // namespace ovbake
