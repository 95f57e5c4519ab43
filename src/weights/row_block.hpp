// What reading hands on: consecutive rows of a weight.
#pragma once

#include <cstdint>

#include "base/codes.hpp"

namespace ovbake {

/// Rows as values, row-major.
struct RowBlock {
  std::int64_t first_row;
  std::int64_t rows;
  const float* values;  ///< rows × columns.
};

/// Rows as codes on the grid of the encoding in which they are stored.
struct CodeBlock {
  std::int64_t first_row;
  std::int64_t rows;
  Codes codes;
};

}  // namespace ovbake
