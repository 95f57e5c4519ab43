// FP8 as DeepSeek-V3 is published: E4M3, with a scale for each block of rows and columns.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.hpp"
#include "base/half.hpp"
#include "source/encoding.hpp"
#include "source/values.hpp"

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

const std::array<float, 256> kValues = [] {
  std::array<float, 256> values{};
  for (std::size_t code = 0; code < values.size(); ++code) values[code] = value_of(code);
  return values;
}();

struct BlockSize {
  std::int64_t rows, columns;
};

/// How many blocks `elements` are, the last of which may be a part of one.
std::int64_t blocks(std::int64_t elements, std::int64_t size) {
  return (elements + size - 1) / size;
}

void read_scales(std::span<const std::byte> stored, std::string_view dtype,
                 std::span<float> scales) {
  if (dtype != "F32") {
    read_values(value_rule(dtype, dtype), stored, scales);
  } else {
    std::memcpy(scales.data(), stored.data(), stored.size());
  }
}

class Fp8Blocks : public Encoding {
 public:
  explicit Fp8Blocks(const BlockSize& block) : block_(block) {}

  std::vector<Part> parts(const MatrixRef& matrix) const override {
    if (matrix.transposed) return {};
    return {
        {.name = matrix.name, .shape = matrix.shape, .dtypes = {"F8_E4M3"}},
        {.name = matrix.name + "_scale_inv",
         .shape = {blocks(matrix.shape[0], block_.rows), blocks(matrix.shape[1], block_.columns)},
         .dtypes = {"BF16", "F16", "F32"},
         .rows_per_line = block_.rows}};
  }

  bool values(const EncodedRows& rows, std::string_view loaded_as,
              std::span<float> into) const override {
    const auto columns = static_cast<std::size_t>(rows.columns);
    std::vector<float> scales(static_cast<std::size_t>(blocks(rows.columns, block_.columns)));
    const bool rounded = loaded_as == "BF16";
    bool finite = true;
    for (std::int64_t row = 0; row < rows.rows; ++row) {
      const auto values = into.subspan(static_cast<std::size_t>(row) * columns, columns);
      read_scales(rows.line(1, row), rows.parts[1].dtype, scales);
      multiply(rows.line(0, row), scales, values);
      for (float& value : values) {
        if (rounded) value = float_from_bf16(bf16_from_float(value));
        finite = finite && std::isfinite(value);
      }
    }
    return finite;
  }

 private:
  /// code · scale, for one row.
  void multiply(std::span<const std::byte> codes, std::span<const float> scales,
                std::span<float> values) const {
    const auto width = static_cast<std::size_t>(block_.columns);
    for (std::size_t begin = 0; begin < codes.size(); begin += width) {
      const std::size_t end = std::min(begin + width, codes.size());
      for (std::size_t i = begin; i < end; ++i) {
        values[i] = kValues[std::to_integer<std::size_t>(codes[i])] * scales[begin / width];
      }
    }
  }

  BlockSize block_;
};

}  // namespace

extern const EncodingKind fp8_blocks;
const EncodingKind fp8_blocks{
    .name = "fp8", .recognise = [](const Config& fp8, const Config& config) -> EncodingPtr {
      constexpr std::string_view kBlock = "weight_block_size";
      if (fp8.text("quant_method", "") != "fp8") return nullptr;
      require_text(fp8, "fmt", "e4m3");
      require_text(fp8, "activation_scheme", "dynamic");
      require_text(config, config.has("dtype") ? "dtype" : "torch_dtype", "bfloat16");
      // Which modules are FP8 their tensors say, and how scales were rounded is of no use.
      for (const auto key : {"modules_to_not_convert", "ignored_layers", "scale_fmt"}) {
        fp8.mark_read(key);
      }
      const std::vector<std::int64_t> size =
          fp8.has(kBlock) ? fp8.integers(kBlock) : std::vector<std::int64_t>{};
      if (size.size() != 2 || size[0] < 1 || size[1] < 1) {
        throw input_error(
            "{}: FP8 weights can be baked that have a scale for each block, as {} [128, 128] says; "
            "bake the bfloat16 checkpoint instead.",
            fp8.where(), kBlock);
      }
      return std::make_shared<Fp8Blocks>(BlockSize{.rows = size[0], .columns = size[1]});
    }};

}  // namespace ovbake
