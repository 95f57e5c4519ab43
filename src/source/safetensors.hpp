// The header of a safetensors file, read strictly: what it says of names, types, shapes and offsets
// is proven against the file's size before anybody uses it.
// Format: https://huggingface.co/docs/safetensors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/random_access.hpp"
#include "base/shape.hpp"

namespace ovbake {

/// One tensor of a checkpoint, as it lies in a file.
struct StoredTensor {
  std::string name;
  std::string dtype;  ///< As safetensors spells it: "BF16", "F16", "F32", "U8", "F8_E4M3", …
  Shape shape;
  std::size_t file = 0;      ///< Which of the checkpoint's files of weights.
  std::uint64_t offset = 0;  ///< Of the first byte, from the start of the file.
  std::uint64_t bytes = 0;

  ByteRange range() const noexcept { return {offset, offset + bytes}; }  ///< Of the file.
};

/// The tensors of `file`, ordered by offset; StoredTensor::file is left 0. Throws an input error
/// that names the file, and the tensor, where the header is malformed, larger than 100 MB, or
/// describes tensors that overlap, leave gaps, leave the file or do not have the bytes that their
/// shape needs.
std::vector<StoredTensor> read_safetensors_header(const RandomAccess& file);

}  // namespace ovbake
