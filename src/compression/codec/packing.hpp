// Codes and scales as they lie in a constant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ovbake {

/// One byte a code.
void pack_bytes(std::span<const std::uint8_t> codes, std::span<std::byte> into);

/// Two codes a byte, the first in the low nibble; a last odd one leaves the high nibble 0.
void pack_nibbles(std::span<const std::uint8_t> codes, std::span<std::byte> into);

/// Scales as f16: nearest, ties to even, with subnormals, and infinity where they are too large.
void pack_f16(std::span<const float> scales, std::span<std::byte> into);

}  // namespace ovbake
