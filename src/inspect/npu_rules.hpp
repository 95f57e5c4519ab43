// What an NPU takes of compressed weights. Sources: OpenVINO's page on LLMs on NPU (symmetric INT4
// in groups of 128 or whole rows; NF4 from Lunar Lake on, whole rows), and the compiler's own
// refusals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ovbake {

/// How a compressed weight is stored.
struct WeightStorage {
  std::string_view element_type;  ///< Of the codes: "i4", "u8", "f8e4m3".
  std::int64_t group_size = -1;   ///< -1: one scale a row.

  friend auto operator<=>(const WeightStorage&, const WeightStorage&) = default;
};

/// What an NPU says of all weights that are stored alike.
struct NpuFinding {
  std::string first;  ///< The name of the first of them.
  std::size_t count;
  bool refused;      ///< Or else taken, but badly.
  std::string text;  ///< Why, with a remedy.
};

/// The compressed weights of a model, counted by how they are stored.
class WeightKinds {
 public:
  /// The text of storage.element_type must outlive this object.
  void add(const WeightStorage& storage, const std::string& name);
  bool empty() const { return kinds_.empty(); }
  std::vector<NpuFinding> ask_npu() const;

 private:
  struct Kind {
    std::string first;
    std::size_t count = 0;
  };
  std::map<WeightStorage, Kind> kinds_;
};

}  // namespace ovbake
