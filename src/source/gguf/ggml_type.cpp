#include "source/gguf/ggml_type.hpp"

#include <algorithm>

#include "source/gguf/unpack.hpp"

namespace ovbake {
namespace {

/// Numbers and sizes are those that gguf-py 0.19.0 lists.
constexpr auto kTypes = std::to_array<GgmlType>({
    {0, "F32", 1, 4},
    {1, "F16", 1, 2},
    {2, "Q4_0", 32, 18, 32, false, unpack_q4_0},
    {3, "Q4_1", 32, 20, 32, true, unpack_q4_1},
    {6, "Q5_0", 32, 22, 32, false, unpack_q5_0},
    {7, "Q5_1", 32, 24, 32, true, unpack_q5_1},
    {8, "Q8_0", 32, 34, 32, false, unpack_q8_0},
    {9, "Q8_1", 32, 40},
    {10, "Q2_K", 256, 84, 16, true, unpack_q2_k},
    {11, "Q3_K", 256, 110, 16, false, unpack_q3_k},
    {12, "Q4_K", 256, 144, 32, true, unpack_q4_k},
    {13, "Q5_K", 256, 176, 32, true, unpack_q5_k},
    {14, "Q6_K", 256, 210, 16, false, unpack_q6_k},
    {15, "Q8_K", 256, 292},
    {16, "IQ2_XXS", 256, 66},
    {17, "IQ2_XS", 256, 74},
    {18, "IQ3_XXS", 256, 98},
    {19, "IQ1_S", 256, 50},
    {20, "IQ4_NL", 32, 18, 32, false, unpack_iq4_nl},
    {21, "IQ3_S", 256, 110},
    {22, "IQ2_S", 256, 82},
    {23, "IQ4_XS", 256, 136, 32, false, unpack_iq4_xs},
    {24, "I8", 1, 1},
    {25, "I16", 1, 2},
    {26, "I32", 1, 4},
    {27, "I64", 1, 8},
    {28, "F64", 1, 8},
    {29, "IQ1_M", 256, 56},
    {30, "BF16", 1, 2},
    {34, "TQ1_0", 256, 54},
    {35, "TQ2_0", 256, 66},
    {39, "MXFP4", 32, 17, 32, false, unpack_mxfp4},
    {40, "NVFP4", 64, 36},
    {41, "Q1_0", 128, 18},
});

}  // namespace

const GgmlType* find_ggml_type(std::uint32_t id) {
  const auto* const found = std::ranges::find(kTypes, id, &GgmlType::id);
  return found == kTypes.end() ? nullptr : found;
}

void dequantize(const GgmlType& type, std::span<const std::byte> blocks, std::span<float> values) {
  GgmlBlock block;
  float* value = values.data();
  for (; !blocks.empty(); blocks = blocks.subspan(type.bytes)) {
    type.unpack(blocks.data(), block);
    for (std::uint32_t group = 0; group < type.elements / type.group; ++group) {
      const std::int8_t* codes = block.codes.data() + std::size_t{group} * type.group;
      const float scale = block.scales[group];
      for (std::uint32_t i = 0; i < type.group; ++i) value[i] = scale * codes[i];
      if (type.has_offsets) {
        for (std::uint32_t i = 0; i < type.group; ++i) value[i] += block.offsets[group];
      }
      value += type.group;
    }
  }
}

}  // namespace ovbake
