#include "source/gguf/unpack.hpp"

#include <bit>
#include <cstring>

#include "base/half.hpp"

namespace ovbake {
namespace {

/// By code: IQ4_NL's table.
constexpr std::array<std::int8_t, 16> kNonLinear{-127, -104, -83, -65, -49, -35, -22, -10,
                                                 1,    13,   25,  38,  53,  69,  89,  113};
/// E2M1, doubled.
constexpr std::array<std::int8_t, 16> kTwiceE2m1{0, 1,  2,  3,  4,  6,  8,  12,
                                                 0, -1, -2, -3, -4, -6, -8, -12};

int byte(const std::byte* stored) { return std::to_integer<int>(*stored); }

std::int8_t code(int value) { return static_cast<std::int8_t>(value); }

float half(const std::byte* stored) {
  std::uint16_t bits;
  std::memcpy(&bits, stored, sizeof bits);
  return float_from_f16(bits);
}

/// Low nibbles first, then high ones.
void unpack_nibbles(const std::byte* stored, int bytes, std::int8_t* codes) {
  for (int i = 0; i < bytes; ++i) codes[i] = code(byte(stored + i) & 15);
  for (int i = 0; i < bytes; ++i) codes[bytes + i] = code(byte(stored + i) >> 4);
}

/// Adds to 32 codes their bits of a word, times 16.
void add_fifth_bits(const std::byte* stored, std::int8_t* codes) {
  std::uint32_t bits;
  std::memcpy(&bits, stored, sizeof bits);
  for (int i = 0; i < 32; ++i) codes[i] = code(codes[i] | static_cast<int>(bits >> i & 1) << 4);
}

void subtract(int offset, int count, std::int8_t* codes) {
  for (int i = 0; i < count; ++i) codes[i] = code(codes[i] - offset);
}

void look_up(const std::array<std::int8_t, 16>& table, int count, std::int8_t* codes) {
  for (int i = 0; i < count; ++i) codes[i] = table[static_cast<std::size_t>(codes[i])];
}

/// Four times 32 pairs of bits of 32 bytes, the lowest pairs first.
void unpack_pairs(const std::byte* stored, std::int8_t* codes) {
  for (int shift = 0; shift < 8; shift += 2) {
    for (int i = 0; i < 32; ++i) *codes++ = code(byte(stored + i) >> shift & 3);
  }
}

/// Eight scales and eight minima of six bits, in 12 bytes; `factors` and `stored` have d and dmin.
void unpack_scales(float d, float dmin, const std::byte* stored, GgmlBlock& block) {
  for (int i = 0; i < 4; ++i) {
    const int scale = byte(stored + i);
    const int minimum = byte(stored + 4 + i);
    const int both = byte(stored + 8 + i);
    const auto at = static_cast<std::size_t>(i);
    block.scales[at] = d * static_cast<float>(scale & 63);
    block.scales[at + 4] = d * static_cast<float>((both & 15) | (scale >> 2 & 48));
    block.offsets[at] = -(dmin * static_cast<float>(minimum & 63));
    block.offsets[at + 4] = -(dmin * static_cast<float>((both >> 4) | (minimum >> 2 & 48)));
  }
}

}  // namespace

void unpack_q4_0(const std::byte* stored, GgmlBlock& block) {
  block.scales[0] = half(stored);
  unpack_nibbles(stored + 2, 16, block.codes.data());
  subtract(8, 32, block.codes.data());
}

void unpack_q4_1(const std::byte* stored, GgmlBlock& block) {
  block.scales[0] = half(stored);
  block.offsets[0] = half(stored + 2);
  unpack_nibbles(stored + 4, 16, block.codes.data());
}

void unpack_q5_0(const std::byte* stored, GgmlBlock& block) {
  block.scales[0] = half(stored);
  unpack_nibbles(stored + 6, 16, block.codes.data());
  add_fifth_bits(stored + 2, block.codes.data());
  subtract(16, 32, block.codes.data());
}

void unpack_q5_1(const std::byte* stored, GgmlBlock& block) {
  block.scales[0] = half(stored);
  block.offsets[0] = half(stored + 2);
  unpack_nibbles(stored + 8, 16, block.codes.data());
  add_fifth_bits(stored + 4, block.codes.data());
}

void unpack_q8_0(const std::byte* stored, GgmlBlock& block) {
  block.scales[0] = half(stored);
  std::memcpy(block.codes.data(), stored + 2, 32);
}

void unpack_q2_k(const std::byte* stored, GgmlBlock& block) {
  const float d = half(stored + 80);
  const float dmin = half(stored + 82);
  for (std::size_t i = 0; i < 16; ++i) {
    const int both = byte(stored + i);
    block.scales[i] = d * static_cast<float>(both & 15);
    block.offsets[i] = -(dmin * static_cast<float>(both >> 4));
  }
  for (int part = 0; part < 2; ++part) {
    unpack_pairs(stored + 16 + 32 * part, block.codes.data() + 128 * part);
  }
}

void unpack_q3_k(const std::byte* stored, GgmlBlock& block) {
  const std::byte* scales = stored + 96;
  const float d = half(stored + 108);
  for (int i = 0; i < 16; ++i) {
    const int low = byte(scales + i % 8) >> (i < 8 ? 0 : 4) & 15;
    const int high = byte(scales + 8 + i % 4) >> (2 * (i / 4)) & 3;
    block.scales[static_cast<std::size_t>(i)] = d * static_cast<float>((low | high << 4) - 32);
  }
  for (int part = 0; part < 2; ++part) {
    unpack_pairs(stored + 32 + 32 * part, block.codes.data() + 128 * part);
  }
  for (int i = 0; i < 256; ++i) {
    const bool has_bit = byte(stored + i % 32) >> (i / 32) & 1;
    if (!has_bit) subtract(4, 1, block.codes.data() + i);
  }
}

void unpack_q4_k(const std::byte* stored, GgmlBlock& block) {
  unpack_scales(half(stored), half(stored + 2), stored + 4, block);
  for (int part = 0; part < 4; ++part) {
    unpack_nibbles(stored + 16 + 32 * part, 32, block.codes.data() + 64 * part);
  }
}

void unpack_q5_k(const std::byte* stored, GgmlBlock& block) {
  unpack_scales(half(stored), half(stored + 2), stored + 4, block);
  for (int part = 0; part < 4; ++part) {
    unpack_nibbles(stored + 48 + 32 * part, 32, block.codes.data() + 64 * part);
  }
  for (int i = 0; i < 256; ++i) {
    std::int8_t& value = block.codes[static_cast<std::size_t>(i)];
    value = code(value | (byte(stored + 16 + i % 32) >> (i / 32) & 1) << 4);
  }
}

void unpack_q6_k(const std::byte* stored, GgmlBlock& block) {
  const float d = half(stored + 208);
  for (std::size_t i = 0; i < 16; ++i) {
    const auto scale = static_cast<std::int8_t>(byte(stored + 192 + i));
    block.scales[i] = d * static_cast<float>(scale);
  }
  std::array<std::int8_t, 256> high;
  for (int part = 0; part < 2; ++part) {
    unpack_nibbles(stored + 64 * part, 64, block.codes.data() + 128 * part);
    unpack_pairs(stored + 128 + 32 * part, high.data() + 128 * part);
  }
  for (std::size_t i = 0; i < 256; ++i) block.codes[i] = code((block.codes[i] | high[i] << 4) - 32);
}

void unpack_iq4_nl(const std::byte* stored, GgmlBlock& block) {
  block.scales[0] = half(stored);
  unpack_nibbles(stored + 2, 16, block.codes.data());
  look_up(kNonLinear, 32, block.codes.data());
}

void unpack_iq4_xs(const std::byte* stored, GgmlBlock& block) {
  const float d = half(stored);
  const int all_high = byte(stored + 2) | byte(stored + 3) << 8;
  for (int i = 0; i < 8; ++i) {
    const int low = byte(stored + 4 + i / 2) >> (i % 2 == 0 ? 0 : 4) & 15;
    const int high = all_high >> (2 * i) & 3;
    block.scales[static_cast<std::size_t>(i)] = d * static_cast<float>((low | high << 4) - 32);
    unpack_nibbles(stored + 8 + 16 * i, 16, block.codes.data() + 32 * i);
  }
  look_up(kNonLinear, 256, block.codes.data());
}

void unpack_mxfp4(const std::byte* stored, GgmlBlock& block) {
  const auto exponent = std::to_integer<std::uint32_t>(*stored);
  // Half of 2^(exponent − 127), which is subnormal for the two smallest.
  block.scales[0] =
      std::bit_cast<float>(exponent < 2 ? 0x00200000U << exponent : (exponent - 1) << 23);
  unpack_nibbles(stored + 1, 16, block.codes.data());
  look_up(kTwiceE2m1, 32, block.codes.data());
}

}  // namespace ovbake
