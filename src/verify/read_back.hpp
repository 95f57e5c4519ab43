// Reads bytes back and compares what they are with what was claimed of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/file.hpp"

namespace ovbake {

/// A part of a file, read in pieces of the size of the buffer that is lent for it.
struct FileRange {
  const File& file;
  std::uint64_t offset;
  std::uint64_t bytes;

  /// False where a part of it lies outside the file.
  bool inside() const;
};

/// Lower-case hexadecimal.
std::string xxh3_128_of(const FileRange& range, std::span<std::byte> buffer);
bool is_zero(const FileRange& range, std::span<std::byte> buffer);

}  // namespace ovbake
