// Checkpoints whose projections are FP8 (E4M3) with a scale for each block, as DeepSeek-V3's are.
#pragma once

#include <cstdint>
#include <optional>

#include "source/config.hpp"

namespace ovbake {

struct BlockSize {
  std::int64_t rows, columns;
};

/// Elements that share a scale, where config.json's quantization_config says fp8. Throws an input
/// error where it speaks of another kind of FP8 than that of blocks.
std::optional<BlockSize> fp8_blocks(const Config& config);

}  // namespace ovbake
