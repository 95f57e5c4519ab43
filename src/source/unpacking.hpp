// Codes of a few bits as they lie in stored tensors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ovbake {

/// Two codes a byte, the first in the low nibble.
inline void unpack_nibbles(std::span<const std::byte> packed, std::span<std::uint8_t> codes) {
  for (std::size_t i = 0; i < packed.size(); ++i) {
    const auto pair = std::to_integer<std::uint8_t>(packed[i]);
    codes[2 * i] = pair & 15;
    codes[2 * i + 1] = pair >> 4;
  }
}

}  // namespace ovbake
