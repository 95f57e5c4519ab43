// MXFP4 as GPT-OSS is published: four-bit floats, and for every 32 of them a power of two.
#include <array>
#include <cmath>
#include <limits>

#include "source/encoding.hpp"
#include "source/unpacking.hpp"

namespace ovbake {
namespace {

constexpr std::int64_t kGroup = 32;
constexpr int kBias = 127;
constexpr std::array<float, 16> kValues{0,     0.5F,  1,  1.5F,  2,  3,  4,  6,
                                        -0.0F, -0.5F, -1, -1.5F, -2, -3, -4, -6};

/// The largest exponent is NaN.
float power_of_two(std::byte exponent) {
  const int biased = std::to_integer<int>(exponent);
  return biased == 255 ? std::numeric_limits<float>::quiet_NaN() : std::ldexp(1.0F, biased - kBias);
}

class Mxfp4 : public Encoding {
 public:
  std::vector<Part> parts(const MatrixRef& matrix) const override {
    const std::int64_t rows = matrix.shape[0], groups = matrix.shape[1] / kGroup;
    return {
        {.name = matrix.name + "_blocks", .shape = {rows, groups, kGroup / 2}, .dtypes = {"U8"}},
        {.name = matrix.name + "_scales", .shape = {rows, groups}, .dtypes = {"U8"}}};
  }

  std::string_view dtype(std::string_view /*stored*/) const override { return "MXFP4"; }

  bool values(const EncodedRows& rows, std::string_view /*loaded_as*/,
              std::span<float> into) const override {
    const auto& blocks = rows.parts[0].bytes;
    bool finite = true;
    float* value = into.data();
    std::size_t at = 0;
    for (const std::byte exponent : rows.parts[1].bytes) {
      const float scale = power_of_two(exponent);
      finite = finite && !std::isnan(scale);
      for (std::size_t i = 0; i < kGroup / 2; ++i) {
        const auto pair = std::to_integer<std::size_t>(blocks[at++]);
        *value++ = kValues[pair & 15] * scale;
        *value++ = kValues[pair >> 4] * scale;
      }
    }
    return finite;
  }

  std::optional<StoredGrid> grid(const MatrixRef& /*matrix*/,
                                 std::span<const std::string_view> /*dtypes*/) const override {
    return StoredGrid{{Numbers::e2m1, 4, element::f8e8m0}, kGroup};
  }

  void codes(const EncodedRows& rows, const Codes& into) const override {
    unpack_nibbles(rows.parts[0].bytes, into.codes);
    for (std::size_t i = 0; i < into.scales.size(); ++i) {
      into.scales[i] = power_of_two(rows.parts[1].bytes[i]);
    }
  }
};

}  // namespace

extern const EncodingKind mxfp4_blocks;
const EncodingKind mxfp4_blocks{
    .name = "mxfp4",
    .recognise = [](const Config& quantization, const Config& /*config*/) -> EncodingPtr {
      if (quantization.text("quant_method", "") != "mxfp4") return nullptr;
      // Which modules are not quantized their tensors say.
      quantization.mark_read("modules_to_not_convert");
      return std::make_shared<Mxfp4>();
    }};

}  // namespace ovbake
