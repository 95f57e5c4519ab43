#include "compression/codec/packing.hpp"

#include <cstring>

#include "base/half.hpp"

namespace ovbake {

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

void pack_f16(std::span<const float> scales, std::span<std::byte> into) {
  for (std::size_t i = 0; i < scales.size(); ++i) {
    const std::uint16_t bits = f16_from_float(scales[i]);
    std::memcpy(into.data() + i * sizeof bits, &bits, sizeof bits);
  }
}

}  // namespace ovbake
