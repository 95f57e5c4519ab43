#include "filling/finite_output.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/error.hpp"

namespace ovbake {
namespace {

/// The first element of `Word`s whose bits below the sign are at least `least`: with all bits of
/// the exponent set, where the type has infinities.
template <typename Word>
std::optional<std::size_t> first_from(std::span<const std::byte> elements, Word least, Word mask) {
  const std::size_t count = elements.size() / sizeof(Word);
  const auto is_bad = [&](std::size_t i) {
    Word word;
    std::memcpy(&word, elements.data() + i * sizeof(Word), sizeof(Word));
    return static_cast<Word>(word & mask) >= least;
  };
  // Without a branch in it, so that compilers make it SIMD.
  constexpr std::size_t kStretch = 4096;
  for (std::size_t begin = 0; begin < count; begin += kStretch) {
    const std::size_t end = std::min(count, begin + kStretch);
    unsigned bad = 0;
    for (std::size_t i = begin; i < end; ++i) bad |= static_cast<unsigned>(is_bad(i));
    if (bad == 0) continue;
    for (std::size_t i = begin; i < end; ++i) {
      if (is_bad(i)) return i;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> first_nonfinite(ElementType type, std::span<const std::byte> elements) {
  using std::uint16_t, std::uint32_t, std::uint8_t;
  if (type == element::f32) return first_from<uint32_t>(elements, 0x7f800000, 0x7fffffff);
  if (type == element::f16) return first_from<uint16_t>(elements, 0x7c00, 0x7fff);
  if (type == element::bf16) return first_from<uint16_t>(elements, 0x7f80, 0x7fff);
  if (type == element::f8e4m3) return first_from<uint8_t>(elements, 0x7f, 0x7f);
  if (type == element::f8e8m0) return first_from<uint8_t>(elements, 0xff, 0xff);
  return std::nullopt;
}

void require_finite(const PlannedTensor& tensor, std::int64_t first_row,
                    std::span<const std::vector<std::byte>> encoded) {
  const std::vector<ConstantLayout> layout = tensor.format->layout(tensor.weight);
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    const auto bad = first_nonfinite(layout[i].type, encoded[i]);
    if (!bad) continue;
    const std::int64_t in_row =
        layout[i].per_row ? element_count(layout[i].shape) / tensor.weight.rows() : 1;
    const auto index = static_cast<std::int64_t>(*bad);
    const std::int64_t row = layout[i].per_row ? first_row + index / in_row : 0;
    const std::int64_t column = index % in_row * (tensor.weight.columns() / in_row);
    throw input_error(
        "{} has weights at row {} from column {} on that are too large for {}: what is stored as {} "
        "would be infinite or NaN; choose another --weight_format, leave it as it is by --ignore, or "
        "take it as NNCF does by --allow_nonfinite.",
        tensor.tensor.name, row, column, tensor.format->name, layout[i].type.name);
  }
}

}  // namespace ovbake
