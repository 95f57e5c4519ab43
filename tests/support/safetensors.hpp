// Safetensors files for tests, also ones that no library would write.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/file.hpp"

namespace ovbake {

/// Eight bytes of length, as they begin a safetensors file.
inline std::string little_endian(std::uint64_t length) {
  std::string bytes;
  for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(length >> shift & 0xff);
  return bytes;
}

/// The file whose header is `header` and whose data are `data_bytes` bytes.
inline std::string safetensors(std::string_view header, std::size_t data_bytes) {
  return little_endian(header.size()) + std::string(header) + std::string(data_bytes, '\x01');
}

}  // namespace ovbake
