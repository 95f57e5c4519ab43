// Where the rows of a tensor lie in its checkpoint: in one stored tensor or, if it is a stack,
// matrix by matrix.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "source/checkpoint.hpp"
#include "source/fp8.hpp"

namespace ovbake {

/// Rows that lie one behind the other, or side by side, in a stored tensor.
struct StoredRows {
  const StoredTensor* tensor;   ///< Owned by the Checkpoint.
  std::uint64_t first_element;  ///< Of the first row, within the tensor.
};

struct Storage {
  std::vector<StoredRows> parts;  ///< Of as many rows each.
  /// Where parts are MXFP4 blocks: for each, a power of two for every 32 elements. Where they are
  /// FP8: for each, a scale for every block.
  std::vector<StoredRows> scales{};
  BlockSize block{1, 1};    ///< Elements that share a scale of FP8.
  bool transposed = false;  ///< Rows are stored as columns, so that
  std::int64_t stride = 0;  ///< elements of a row are so many apart; else those of a column are.
  std::uint64_t bytes = 0;  ///< Of all rows.

  /// As safetensors spells it, or "MXFP4".
  std::string dtype() const {
    const std::string& stored = parts.front().tensor->dtype;
    return stored == "U8" ? "MXFP4" : stored;
  }
  /// By which tensors are brought into the order of their files.
  auto place(std::size_t part = 0) const {
    const auto& [tensor, first_element] = parts[part];
    return std::tuple(tensor->file, tensor->offset, first_element);
  }
};

}  // namespace ovbake
