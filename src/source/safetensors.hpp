// The header of a safetensors file, read strictly: what it says of names, types, shapes and offsets
// is proven against the file's size before anybody uses it.
// Format: https://huggingface.co/docs/safetensors
#pragma once

#include <vector>

#include "base/random_access.hpp"
#include "source/stored_tensor.hpp"

namespace ovbake {

/// The tensors of `file`, ordered by offset; StoredTensor::file is left 0. Throws an input error
/// that names the file, and the tensor, where the header is malformed, larger than 100 MB, or
/// describes tensors that overlap, leave gaps, leave the file or do not have the bytes that their
/// shape needs.
std::vector<StoredTensor> read_safetensors_header(const RandomAccess& file);

}  // namespace ovbake
