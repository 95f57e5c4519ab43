#include "inspect/npu_rules.hpp"

#include <algorithm>
#include <array>

#include <spdlog/fmt/fmt.h>

namespace ovbake {
namespace {

constexpr auto kTaken = std::to_array<std::string_view>({"i4", "i8", "nf4", "u8"});
constexpr auto kGoodGroups = std::to_array<std::int64_t>({-1, 64, 128});

/// Why an NPU does not take such a weight; empty where it does.
std::string refusal(const WeightStorage& weight) {
  if (weight.element_type == "u4") {
    return "asymmetric or codebook 4-bit weights are not taken by NPUs; compress with --sym";
  }
  if (std::ranges::find(kTaken, weight.element_type) == kTaken.end()) {
    return fmt::format("{} weights are not taken by NPUs; compress to int4 with --sym, or to int8",
                       weight.element_type);
  }
  if (weight.element_type == "nf4" && weight.group_size != -1) {
    return fmt::format(
        "NPUs take nf4 with one scale a row only, not groups of {}; compress with --group_size -1",
        weight.group_size);
  }
  return "";
}

/// What an NPU does badly with such a weight; empty where nothing.
std::string warning(const WeightStorage& weight) {
  if (weight.element_type == "nf4") return "nf4 needs an NPU of Lunar Lake or newer";
  if (std::ranges::find(kGoodGroups, weight.group_size) == kGoodGroups.end()) {
    return fmt::format("NPUs are slow with groups of {}; 128, 64 and -1 are what they are made for",
                       weight.group_size);
  }
  return "";
}

}  // namespace

void WeightKinds::add(const WeightStorage& storage, const std::string& name) {
  Kind& kind = kinds_[storage];
  if (kind.count++ == 0) kind.first = name;
}

std::vector<NpuFinding> WeightKinds::ask_npu() const {
  std::vector<NpuFinding> findings;
  for (const auto& [storage, kind] : kinds_) {
    std::string text = refusal(storage);
    const bool refused = !text.empty();
    if (!refused) text = warning(storage);
    if (!text.empty()) findings.push_back({kind.first, kind.count, refused, std::move(text)});
  }
  return findings;
}

}  // namespace ovbake
