#include "weights/fp8.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/half.hpp"

namespace ovbake {
namespace {

/// 1-4-3 bits, bias 7, no infinity: the largest magnitude is NaN.
float value_of(std::size_t code) {
  const std::size_t magnitude = code & 0x7f;
  const auto exponent = static_cast<int>(magnitude >> 3);
  const auto fraction = static_cast<float>(magnitude & 7);
  float value = exponent == 0 ? std::ldexp(fraction, -9) : std::ldexp(8 + fraction, exponent - 10);
  if (magnitude == 0x7f) value = std::numeric_limits<float>::quiet_NaN();
  return (code & 0x80) != 0 ? -value : value;
}

std::array<float, 256> all_values() {
  std::array<float, 256> values{};
  for (std::size_t code = 0; code < values.size(); ++code) values[code] = value_of(code);
  return values;
}

}  // namespace

bool read_fp8_row(std::span<const std::byte> codes, std::span<const float> scales,
                  std::int64_t block_columns, std::span<float> values) {
  static const std::array<float, 256> value_of_code = all_values();
  const auto width = static_cast<std::size_t>(block_columns);
  bool finite = true;
  for (std::size_t begin = 0; begin < codes.size(); begin += width) {
    const float scale = scales[begin / width];
    const std::size_t end = std::min(begin + width, codes.size());
    for (std::size_t i = begin; i < end; ++i) {
      const float product = value_of_code[std::to_integer<std::size_t>(codes[i])] * scale;
      values[i] = float_from_bf16(bf16_from_float(product));
      finite = finite && std::isfinite(values[i]);
    }
  }
  return finite;
}

}  // namespace ovbake
