// Where a weight lies in its checkpoint: in the tensors of one matrix or, if it is a stack, of
// many.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "source/checkpoint.hpp"
#include "source/encoding.hpp"

namespace ovbake {

/// A part of one matrix, in the tensor that stores it.
struct StoredPart {
  const StoredTensor* tensor;  ///< Owned by the Checkpoint.
  std::uint64_t begin;         ///< The first byte of this matrix, within the tensor.
};

/// How a part lies in every matrix of a weight; see Part.
struct PartLayout {
  std::uint64_t line_bytes;
  std::int64_t lines;  ///< Of a whole matrix.
  std::int64_t rows_per_line;
  std::uint64_t element_bytes;
  bool transposed;

  /// Of the part in one matrix.
  std::uint64_t bytes() const { return static_cast<std::uint64_t>(lines) * line_bytes; }
  /// Bytes between two neighbours of a line that is stored as a column.
  std::uint64_t stride() const { return static_cast<std::uint64_t>(lines) * element_bytes; }
  /// The lines that `rows` rows need.
  std::int64_t lines_of(std::int64_t first_row, std::int64_t rows) const {
    return (first_row + rows - 1) / rows_per_line - first_row / rows_per_line + 1;
  }
};

struct Storage {
  EncodingPtr encoding;
  std::vector<PartLayout> parts;
  std::vector<std::vector<StoredPart>> matrices;  ///< Each with its parts.
  /// The first of each stored matrix's rows that belongs to the weight; others are fused to it.
  std::int64_t first_row = 0;
  std::uint64_t bytes = 0;         ///< All that is read.
  std::optional<StoredGrid> grid;  ///< On which all values lie, where they do.

  const std::string& stored_dtype() const { return matrices.front().front().tensor->dtype; }
  /// As safetensors spells it, or the encoding's word.
  std::string dtype() const { return std::string(encoding->dtype(stored_dtype())); }
  /// By which tensors are brought into the order of their files.
  auto place(std::size_t matrix = 0) const {
    const auto& [tensor, begin] = matrices[matrix].front();
    const PartLayout& part = parts.front();
    const std::uint64_t row_bytes = part.transposed ? part.element_bytes : part.line_bytes;
    return std::tuple(tensor->file, tensor->offset,
                      begin + static_cast<std::uint64_t>(first_row) * row_bytes);
  }
};

}  // namespace ovbake
