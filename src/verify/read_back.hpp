// The bytes of which something was claimed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/file.hpp"

namespace ovbake {

/// A part of a file.
struct FileRange {
  const File& file;
  std::uint64_t offset;
  std::uint64_t bytes;

  /// False where a part of it lies outside the file.
  bool inside() const;
  ByteRange range() const { return {offset, offset + bytes}; }
};

/// Whether all bytes are zero; reads them in pieces of the size of the buffer that is lent for it.
bool is_zero(const FileRange& part, std::span<std::byte> buffer);

}  // namespace ovbake
