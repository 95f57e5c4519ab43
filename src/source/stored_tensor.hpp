// A tensor as it lies in a file of weights.
#pragma once

#include <cstdint>
#include <string>

#include "base/random_access.hpp"
#include "base/shape.hpp"

namespace ovbake {

struct GgmlType;

struct StoredTensor {
  std::string name;
  std::string dtype;  ///< As safetensors spells it: "BF16", "F16", "F32", "U8", "F8_E4M3", …
  Shape shape;
  std::size_t file = 0;      ///< Which of the checkpoint's files of weights.
  std::uint64_t offset = 0;  ///< Of the first byte, from the start of the file.
  std::uint64_t bytes = 0;   ///< In the file.
  /// Where not null: the file has blocks of this type, which Checkpoint::read() turns into F32.
  const GgmlType* blocks = nullptr;
  /// Where not 0: the rows are so many heads, and in each the file has row i of the first half
  /// followed by row i of the second half. Checkpoint::read() brings them into the order of
  /// transformers.
  std::int64_t interleaved_heads = 0;
  /// What the file has more in each element, which is F32. Checkpoint::read() takes it away.
  float added = 0;

  ByteRange range() const noexcept { return {offset, offset + bytes}; }  ///< Of the file.
};

}  // namespace ovbake
