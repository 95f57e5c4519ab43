// The types of tensors in GGUF files. Most store blocks of elements: small integers, and a scale
// (and maybe an offset) for each group of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ovbake {

/// A block taken apart: element e is worth scales[e / group] · codes[e] + offsets[e / group].
struct GgmlBlock {
  std::array<std::int8_t, 256> codes;
  std::array<float, 16> scales;
  std::array<float, 16> offsets;  ///< Where the type has them.
};

struct GgmlType {
  std::uint32_t id;
  std::string_view name;          ///< As ggml and, where it knows the type, safetensors spell it.
  std::uint32_t elements, bytes;  ///< Of a block.
  std::uint32_t group = 0;        ///< Elements that share a scale.
  bool has_offsets = false;
  /// Null for a type whose elements are numbers, or whose blocks are not understood.
  void (*unpack)(const std::byte* stored, GgmlBlock& block) = nullptr;
};

/// Null for a type that ggml does not have, or no longer.
const GgmlType* find_ggml_type(std::uint32_t id);

/// Writes the elements of whole blocks, in f32 as gguf-py computes them.
void dequantize(const GgmlType& type, std::span<const std::byte> blocks, std::span<float> values);

}  // namespace ovbake
