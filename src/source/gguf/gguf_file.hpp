// The header of a GGUF file, versions 2 and 3, read strictly: counts, lengths, types and offsets
// are proven against the file's size before anybody uses them.
// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
#pragma once

#include <vector>

#include "base/random_access.hpp"
#include "source/gguf/metadata.hpp"
#include "source/stored_tensor.hpp"

namespace ovbake {

struct GgufFile {
  GgufMetadata metadata;
  /// Under ggml's names ("blk.0.attn_q.weight"), ordered by offset; shapes have their outermost
  /// dimension first, as everywhere but in the file.
  std::vector<StoredTensor> tensors;
};

/// Throws an input error that names the file, and the key or tensor, where the header breaks off or
/// is malformed, or describes tensors of unknown types, that overlap, leave gaps or leave the file.
GgufFile read_gguf_header(const RandomAccess& file);

}  // namespace ovbake
