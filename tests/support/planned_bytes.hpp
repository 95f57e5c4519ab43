// What became of a planned tensor, as the recordings of NNCF tell it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "base/file.hpp"
#include "compression/plan.hpp"

namespace ovbake {

/// "format:group size"
inline std::string kind_of(const PlannedTensor& planned) {
  return fmt::format("{}:{}", planned.format->name, planned.weight.group_size);
}

/// The bytes of all its constants, one behind the other.
inline std::vector<std::byte> bytes_in_bin(const PlannedTensor& planned, const File& bin) {
  std::vector<std::byte> all;
  for (const PlannedConstant& constant : planned.constants) {
    all.resize(all.size() + constant.bytes);
    bin.read(constant.offset, std::span(all).last(constant.bytes));
  }
  return all;
}

}  // namespace ovbake
