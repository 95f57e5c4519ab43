// What an NPU takes of compressed weights. Sources: OpenVINO's page on LLMs on NPU (symmetric INT4
// in groups of 128 or whole rows; NF4 from Lunar Lake on, whole rows), and the compiler's own
// refusals.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ovbake {

/// How a compressed weight is stored.
struct WeightStorage {
  std::string_view element_type;  ///< Of the codes: "i4", "u8", "f8e4m3".
  bool has_zero_point = false;
  std::int64_t group_size = -1;  ///< -1: one scale a row.

  friend auto operator<=>(const WeightStorage&, const WeightStorage&) = default;
};

/// Why an NPU does not take such a weight, with a remedy; empty where it does.
std::string npu_refusal(const WeightStorage& weight);

/// What an NPU does badly with such a weight; empty where nothing.
std::string npu_warning(const WeightStorage& weight);

}  // namespace ovbake
