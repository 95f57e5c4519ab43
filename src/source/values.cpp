#include "source/values.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <stdexcept>

#include "base/half.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "source/values.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "base/half-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ovbake::HWY_NAMESPACE {

HWY_INLINE Words load_halves(const std::byte* stored, std::size_t index) {
  const hn::Rebind<std::uint16_t, WordTag> halves;
  const auto* address = reinterpret_cast<const std::uint16_t*>(stored) + index;
  return hn::PromoteTo(WordTag(), hn::LoadU(halves, address));
}

HWY_INLINE Floats load_floats(const std::byte* stored, std::size_t index) {
  return hn::LoadU(FloatTag(), reinterpret_cast<const float*>(stored) + index);
}

HWY_INLINE Floats widen_bf16(Words halves) {
  return hn::BitCast(FloatTag(), hn::ShiftLeft<16>(halves));
}

HWY_INLINE Floats flush_subnormals(Floats value) {
  const hn::RebindToSigned<WordTag> words;
  const auto bits = hn::BitCast(words, value);
  const auto magnitude = hn::And(bits, hn::Set(words, 0x7fffffff));
  const auto subnormal =
      hn::And(hn::Gt(magnitude, hn::Zero(words)), hn::Lt(magnitude, hn::Set(words, 0x00800000)));
  return hn::BitCast(FloatTag(), hn::IfThenZeroElse(subnormal, bits));
}

HWY_INLINE Floats load_values(ValueRule rule, const std::byte* stored, std::size_t index) {
  switch (rule) {
    case ValueRule::bf16:
      return widen_bf16(load_halves(stored, index));
    case ValueRule::f16:
      return float_from_f16(load_halves(stored, index));
    case ValueRule::f32:
      return flush_subnormals(load_floats(stored, index));
    case ValueRule::bf16_as_f16:
      return float_from_f16(f16_from_float(widen_bf16(load_halves(stored, index))));
    case ValueRule::f16_as_bf16:
      return widen_bf16(bf16_from_float(float_from_f16(load_halves(stored, index))));
    case ValueRule::f32_as_bf16:
      return widen_bf16(bf16_from_float(load_floats(stored, index)));
    case ValueRule::f32_as_f16:
      return float_from_f16(f16_from_float(load_floats(stored, index)));
  }
  return hn::Zero(FloatTag());
}

template <ValueRule kRule>
bool read_values_by(const std::byte* stored, float* values, std::size_t count) {
  const FloatTag floats;
  const WordTag words;
  const std::size_t lanes = hn::Lanes(floats);
  const auto exponent = hn::Set(words, 0x7f800000U);
  auto not_finite = hn::MaskFromVec(hn::Zero(words));
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto value = load_values(kRule, stored, i);
    const auto bits = hn::And(hn::BitCast(words, value), exponent);
    not_finite = hn::Or(not_finite, hn::Eq(bits, exponent));
    hn::StoreU(value, floats, values + i);
  }
  if (i < count) {
    const std::size_t width = stored_bits(kRule) / 8;
    alignas(64) std::byte last_stored[HWY_MAX_BYTES] = {};
    alignas(64) float last_values[HWY_MAX_BYTES / sizeof(float)];
    std::memcpy(last_stored, stored + i * width, (count - i) * width);
    const auto value = load_values(kRule, last_stored, 0);
    const auto bits = hn::And(hn::BitCast(words, value), exponent);
    not_finite = hn::Or(not_finite, hn::Eq(bits, exponent));
    hn::Store(value, floats, last_values);
    std::memcpy(values + i, last_values, (count - i) * sizeof(float));
  }
  return hn::AllFalse(words, not_finite);
}

bool read_values(ValueRule rule, const std::byte* stored, float* values, std::size_t count) {
  switch (rule) {
    case ValueRule::bf16:
      return read_values_by<ValueRule::bf16>(stored, values, count);
    case ValueRule::f16:
      return read_values_by<ValueRule::f16>(stored, values, count);
    case ValueRule::f32:
      return read_values_by<ValueRule::f32>(stored, values, count);
    case ValueRule::bf16_as_f16:
      return read_values_by<ValueRule::bf16_as_f16>(stored, values, count);
    case ValueRule::f16_as_bf16:
      return read_values_by<ValueRule::f16_as_bf16>(stored, values, count);
    case ValueRule::f32_as_bf16:
      return read_values_by<ValueRule::f32_as_bf16>(stored, values, count);
    case ValueRule::f32_as_f16:
      return read_values_by<ValueRule::f32_as_f16>(stored, values, count);
  }
  return false;
}

}  // namespace ovbake::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ovbake {

HWY_EXPORT(read_values);

ValueRule value_rule(std::string_view dtype, std::string_view loaded_as) {
  if (dtype == "BF16") return loaded_as == "F16" ? ValueRule::bf16_as_f16 : ValueRule::bf16;
  if (dtype == "F16") return loaded_as == "BF16" ? ValueRule::f16_as_bf16 : ValueRule::f16;
  if (dtype != "F32") throw std::logic_error("no values can be read from this dtype");
  if (loaded_as == "BF16") return ValueRule::f32_as_bf16;
  return loaded_as == "F16" ? ValueRule::f32_as_f16 : ValueRule::f32;
}

std::size_t stored_bits(ValueRule rule) {
  switch (rule) {
    case ValueRule::f32:
    case ValueRule::f32_as_bf16:
    case ValueRule::f32_as_f16:
      return 32;
    default:
      return 16;
  }
}

bool read_values(ValueRule rule, std::span<const std::byte> stored, std::span<float> values) {
  return HWY_DYNAMIC_DISPATCH(read_values)(rule, stored.data(), values.data(), values.size());
}

namespace {

/// Half is added only where the last bit that stays is odd, so all else is cut off.
float rounded_to_bf16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return std::bit_cast<float>((bits + ((bits & 0x10000U) >> 1)) & 0xffff0000U);
}

float rounded_to_f16(float value) { return float_from_f16(f16_from_float(value)); }

template <typename Round>
bool multiply_and_round(std::span<const float> factors, std::span<float> values,
                        const Round& round) {
  bool finite = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = round(values[i] * factors[i]);
    finite = finite && std::isfinite(values[i]);
  }
  return finite;
}

}  // namespace

bool multiply_values(std::string_view dtype, std::span<const float> factors,
                     std::span<float> values) {
  if (dtype == "BF16") return multiply_and_round(factors, values, rounded_to_bf16);
  if (dtype == "F16") return multiply_and_round(factors, values, rounded_to_f16);
  return multiply_and_round(factors, values, std::identity());
}

}  // namespace ovbake
#endif
