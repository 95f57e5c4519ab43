#include "compression/codec/narrow.hpp"

#include <cstdint>
#include <cstring>

#include "base/half.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compression/codec/narrow.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "base/half-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ovbake::HWY_NAMESPACE {

/// Returns how many values were narrowed; fewer than a vector are left over.
template <Words (*kNarrow)(Floats)>
std::size_t narrow(const float* values, std::size_t count, std::byte* into) {
  const FloatTag floats;
  const hn::Rebind<std::uint16_t, FloatTag> halves;
  const std::size_t lanes = hn::Lanes(floats);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto words = kNarrow(hn::LoadU(floats, values + i));
    hn::StoreU(hn::TruncateTo(halves, words), halves, reinterpret_cast<std::uint16_t*>(into) + i);
  }
  return i;
}

std::size_t narrow_to_f16(const float* values, std::size_t count, std::byte* into) {
  return narrow<f16_from_float>(values, count, into);
}

std::size_t narrow_to_bf16(const float* values, std::size_t count, std::byte* into) {
  return narrow<bf16_from_float>(values, count, into);
}

}  // namespace ovbake::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ovbake {
namespace {

template <std::uint16_t (*kNarrow)(float)>
void narrow(std::span<const float> values, std::size_t first, std::span<std::byte> into) {
  for (std::size_t i = first; i < values.size(); ++i) {
    const std::uint16_t bits = kNarrow(values[i]);
    std::memcpy(into.data() + i * sizeof bits, &bits, sizeof bits);
  }
}

}  // namespace

HWY_EXPORT(narrow_to_f16);
HWY_EXPORT(narrow_to_bf16);

void narrow_to_f16(std::span<const float> values, std::span<std::byte> into) {
  const std::size_t done =
      HWY_DYNAMIC_DISPATCH(narrow_to_f16)(values.data(), values.size(), into.data());
  narrow<f16_from_float>(values, done, into);
}

void narrow_to_f16_scalar(std::span<const float> values, std::span<std::byte> into) {
  narrow<f16_from_float>(values, 0, into);
}

void narrow_to_bf16(std::span<const float> values, std::span<std::byte> into) {
  const std::size_t done =
      HWY_DYNAMIC_DISPATCH(narrow_to_bf16)(values.data(), values.size(), into.data());
  narrow<bf16_from_float>(values, done, into);
}

void narrow_to_bf16_scalar(std::span<const float> values, std::span<std::byte> into) {
  narrow<bf16_from_float>(values, 0, into);
}

}  // namespace ovbake
#endif
