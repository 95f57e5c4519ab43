// What reading hands on: some rows of a weight as f32.
#pragma once

#include <cstdint>

namespace ovbake {

/// Consecutive rows of a weight, row-major.
struct RowBlock {
  std::int64_t first_row;
  std::int64_t rows;
  const float* values;  ///< rows × columns.
};

}  // namespace ovbake
