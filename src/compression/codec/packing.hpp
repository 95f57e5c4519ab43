// Codes and scales as they lie in a constant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ovbake {

/// Codes of 2, 3, 4 or 8 bits, as below.
void pack_codes(int bits, std::span<const std::uint8_t> codes, std::span<std::byte> into);

/// One byte a code.
void pack_bytes(std::span<const std::uint8_t> codes, std::span<std::byte> into);

/// Two codes a byte, the first in the low nibble; a last odd one leaves the high nibble 0.
void pack_nibbles(std::span<const std::uint8_t> codes, std::span<std::byte> into);

/// Four codes a byte, the first in the two low bits.
void pack_crumbs(std::span<const std::uint8_t> codes, std::span<std::byte> into);

/// Eight 3-bit codes in three bytes: the low two bits of codes 0…3 from the top of the first byte
/// on, of codes 4…7 in the second, and the third bits from the top of the third byte on.
void pack_triples(std::span<const std::uint8_t> codes, std::span<std::byte> into);

/// Powers of two, or NaN, as their biased exponents (f8e8m0).
void pack_e8m0(std::span<const float> scales, std::span<std::byte> into);

/// Scales as f16: nearest, ties to even, with subnormals, and infinity where they are too large.
void pack_f16(std::span<const float> scales, std::span<std::byte> into);

}  // namespace ovbake
