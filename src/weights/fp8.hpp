// Values of FP8 weights that have a scale for each block of rows and columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ovbake {

/// Writes the values of one row of E4M3 codes: code · scale, rounded to bfloat16 as torch does;
/// every block_columns of them share a scale. Returns false where one is NaN or infinite.
bool read_fp8_row(std::span<const std::byte> codes, std::span<const float> scales,
                  std::int64_t block_columns, std::span<float> values);

}  // namespace ovbake
