// Do the static pair and the dynamic graph of a baked folder say the same?
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ovbake {

struct GraphFiles {
  std::filesystem::path prefill, decode, dynamic;
};

/// About how many bytes of memory compare_graphs takes at its peak.
std::uint64_t comparison_bytes(const GraphFiles& files);

/// Compiles the graphs for the CPU in f32 and lets both sides continue three prompts by the 64
/// likeliest tokens: one that fills the prefill graph, a short one, and one of a single token.
/// Returns a sentence for each difference. `step` is told what is being done, and may throw.
std::vector<std::string> compare_graphs(const GraphFiles& files,
                                        const std::function<void(std::string_view)>& step);

}  // namespace ovbake
