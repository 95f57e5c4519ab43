#include "compression/codec/packing.hpp"

#include <cmath>
#include <cstring>
#include <stdexcept>

#include "base/half.hpp"

namespace ovbake {

void pack_codes(int bits, std::span<const std::uint8_t> codes, std::span<std::byte> into) {
  switch (bits) {
    case 2:
      return pack_crumbs(codes, into);
    case 3:
      return pack_triples(codes, into);
    case 4:
      return pack_nibbles(codes, into);
    case 8:
      return pack_bytes(codes, into);
    default:
      throw std::logic_error("no codes are packed in so many bits");
  }
}

void pack_bytes(std::span<const std::uint8_t> codes, std::span<std::byte> into) {
  std::memcpy(into.data(), codes.data(), codes.size());
}

void pack_nibbles(std::span<const std::uint8_t> codes, std::span<std::byte> into) {
  const std::size_t pairs = codes.size() / 2;
  for (std::size_t i = 0; i < pairs; ++i) {
    into[i] = static_cast<std::byte>((codes[2 * i] & 15) | codes[2 * i + 1] << 4);
  }
  if (codes.size() % 2 != 0) into[pairs] = static_cast<std::byte>(codes.back() & 15);
}

void pack_crumbs(std::span<const std::uint8_t> codes, std::span<std::byte> into) {
  for (std::size_t byte = 0; byte < into.size(); ++byte) {
    unsigned packed = 0;
    for (std::size_t i = 0; i < 4 && 4 * byte + i < codes.size(); ++i) {
      packed |= (codes[4 * byte + i] & 3U) << (2 * i);
    }
    into[byte] = static_cast<std::byte>(packed);
  }
}

void pack_triples(std::span<const std::uint8_t> codes, std::span<std::byte> into) {
  for (std::size_t unit = 0; 3 * unit < into.size(); ++unit) {
    unsigned packed[3] = {0, 0, 0};
    for (std::size_t i = 0; i < 8 && 8 * unit + i < codes.size(); ++i) {
      const unsigned code = codes[8 * unit + i];
      packed[i / 4] |= (code & 3U) << (6 - 2 * (i % 4));
      packed[2] |= (code >> 2 & 1U) << (7 - i);
    }
    for (std::size_t i = 0; i < 3; ++i) into[3 * unit + i] = static_cast<std::byte>(packed[i]);
  }
}

void pack_e8m0(std::span<const float> scales, std::span<std::byte> into) {
  for (std::size_t i = 0; i < scales.size(); ++i) {
    into[i] = std::isnan(scales[i]) ? std::byte{255}
                                    : static_cast<std::byte>(std::ilogb(scales[i]) + 127);
  }
}

void pack_f16(std::span<const float> scales, std::span<std::byte> into) {
  for (std::size_t i = 0; i < scales.size(); ++i) {
    const std::uint16_t bits = f16_from_float(scales[i]);
    std::memcpy(into.data() + i * sizeof bits, &bits, sizeof bits);
  }
}

}  // namespace ovbake
