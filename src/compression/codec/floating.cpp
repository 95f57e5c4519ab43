#include "compression/codec/floating.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/half.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compression/codec/floating.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "base/half-inl.hpp"

#ifndef OVBAKE_FLOAT_GROUP_RULES
#define OVBAKE_FLOAT_GROUP_RULES
namespace ovbake {
namespace {

using Bounds = std::array<float, 15>;

/// A value's nf4 code is the number of bounds below it; they are NNCF's, and not all of them are
/// the middle between two quantiles.
constexpr Bounds kNf4Bounds{-0.84809643F, -0.6106329F,   -0.45999527F, -0.33967942F, -0.2346074F,
                            -0.13791174F, -0.045525018F, 0.03979015F,  0.120255254F, 0.20352125F,
                            0.29201376F,  0.38931254F,   0.5016634F,   0.6427869F,   0.8614784F};

constexpr Bounds middles(const std::array<float, 16>& values) {
  Bounds bounds{};
  for (std::size_t i = 0; i < bounds.size(); ++i) bounds[i] = 0.5F * (values[i] + values[i + 1]);
  return bounds;
}

constexpr Bounds kCb4Bounds = middles(kCb4Values);

/// The magnitude of a scaled value that maps to the largest code.
float largest(Numbers numbers) {
  switch (numbers) {
    case Numbers::nf4:
      return 1;
    case Numbers::e2m1:
      return 6;
    case Numbers::e4m3:
      return 448;
    case Numbers::cb4:
      return kCb4Values.back();
    default:
      return 0;
  }
}

/// The scale as a power of two. Small weights go through numpy's log2, others through OpenVINO,
/// which multiplies the natural logarithm by f32(1 / ln 2).
float mx_scale(float scale, bool small_weight) {
  const auto value = static_cast<double>(scale);
  const float log2 = small_weight ? static_cast<float>(std::log2(value))
                                  : static_cast<float>(std::log(value)) * 0x1.715476p+0F;
  return std::ldexp(1.0F, static_cast<int>(std::clamp(std::ceil(log2), -127.0F, 127.0F)));
}

using GroupScale = float (*)(Numbers numbers, float max_abs, bool small_weight);

float mx_group_scale(Numbers numbers, float max_abs, bool small_weight) {
  return mx_scale(float_scale(numbers, max_abs, small_weight), small_weight);
}

std::uint8_t index_code(float value, const Bounds& bounds) {
  return static_cast<std::uint8_t>(std::ranges::lower_bound(bounds, value) - bounds.begin());
}

std::uint8_t e2m1_code(float value) {
  const float a = std::fabs(value);
  const int code = (a > 0.25F) + (a >= 0.75F) + (a > 1.25F) + (a >= 1.75F) + (a > 2.5F) +
                   (a >= 3.5F) + (a > 5.0F);
  return static_cast<std::uint8_t>(code | (std::signbit(value) ? 8 : 0));
}

std::uint8_t float_code(Numbers numbers, float value) {
  switch (numbers) {
    case Numbers::nf4:
      return index_code(value, kNf4Bounds);
    case Numbers::e2m1:
      return e2m1_code(value);
    case Numbers::e4m3:
      return e4m3_from_float(value);
    case Numbers::cb4:
      return index_code(value, kCb4Bounds);
    default:
      return 0;
  }
}

}  // namespace
}  // namespace ovbake
#endif

HWY_BEFORE_NAMESPACE();
namespace ovbake::HWY_NAMESPACE {

HWY_INLINE Words count_below(const Bounds& bounds, Floats value) {
  const WordTag words;
  const auto one = hn::Set(words, 1);
  auto count = hn::Zero(words);
  for (const float bound : bounds) {
    const auto above = hn::RebindMask(words, hn::Gt(value, hn::Set(FloatTag(), bound)));
    count = hn::Add(count, hn::IfThenElseZero(above, one));
  }
  return count;
}

HWY_INLINE Words e2m1_codes(Floats value) {
  const FloatTag floats;
  const WordTag words;
  const auto bits = hn::BitCast(words, value);
  const auto sign = hn::ShiftLeft<3>(hn::ShiftRight<31>(bits));
  const auto magnitude = hn::Abs(value);
  const auto one = hn::Set(words, 1);
  auto code = hn::Zero(words);
  for (const float bound : {0.25F, 1.25F, 2.5F, 5.0F}) {
    const auto above = hn::RebindMask(words, hn::Gt(magnitude, hn::Set(floats, bound)));
    code = hn::Add(code, hn::IfThenElseZero(above, one));
  }
  for (const float bound : {0.75F, 1.75F, 3.5F}) {
    const auto reached = hn::RebindMask(words, hn::Ge(magnitude, hn::Set(floats, bound)));
    code = hn::Add(code, hn::IfThenElseZero(reached, one));
  }
  return hn::Or(code, sign);
}

HWY_INLINE Words e4m3_codes(Floats value) {
  const FloatTag floats;
  const WordTag words;
  const auto narrowed = float_from_f16(f16_from_float(value));
  const auto bits = hn::BitCast(words, narrowed);
  const auto magnitude = hn::And(bits, hn::Set(words, 0x7fffffff));
  const auto sign = hn::ShiftLeft<7>(hn::ShiftRight<31>(bits));

  const auto odd = hn::And(hn::ShiftRight<20>(magnitude), hn::Set(words, 1));
  const auto rebiased = hn::Sub(magnitude, hn::Set(words, (127U - 7U) << 23));
  const auto normal = hn::ShiftRight<20>(hn::Add(rebiased, hn::Add(hn::Set(words, 0x7ffff), odd)));
  // The unit in the last place of 2^14 is that of an e4m3 subnormal, so the addition rounds.
  const auto shift = hn::Set(floats, 0x1p14F);
  const auto subnormal = hn::Sub(hn::BitCast(words, hn::Add(hn::BitCast(floats, magnitude), shift)),
                                 hn::BitCast(words, shift));
  const auto tiny =
      hn::RebindMask(words, hn::Lt(hn::BitCast(floats, magnitude), hn::Set(floats, 0x1p-6F)));
  return hn::Or(hn::IfThenElse(tiny, subnormal, normal), sign);
}

template <Numbers kNumbers>
HWY_INLINE Words codes_of(Floats value) {
  if constexpr (kNumbers == Numbers::nf4) return count_below(kNf4Bounds, value);
  if constexpr (kNumbers == Numbers::cb4) return count_below(kCb4Bounds, value);
  if constexpr (kNumbers == Numbers::e2m1) return e2m1_codes(value);
  if constexpr (kNumbers == Numbers::e4m3) return e4m3_codes(value);
}

float max_abs(const float* values, std::size_t count) {
  const FloatTag floats;
  const std::size_t lanes = hn::Lanes(floats);
  auto largest = hn::Zero(floats);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    largest = hn::Max(largest, hn::Abs(hn::LoadU(floats, values + i)));
  }
  float result = hn::GetLane(hn::MaxOfLanes(floats, largest));
  for (; i < count; ++i) result = std::max(result, std::fabs(values[i]));
  return result;
}

template <Numbers kNumbers>
void groups_of(GroupScale group_scale, const Groups& groups, const Codes& out) {
  const FloatTag floats;
  const hn::Rebind<std::uint8_t, FloatTag> bytes;
  const std::size_t lanes = hn::Lanes(floats);
  for (std::size_t group = 0; group < groups.count; ++group) {
    const float* values = groups.values + group * groups.elems;
    std::uint8_t* codes = out.codes.data() + group * groups.elems;
    const float scale = group_scale(kNumbers, max_abs(values, groups.elems), groups.small_weight);
    out.scales[group] = scale;
    const auto divisor = hn::Set(floats, scale);
    std::size_t i = 0;
    for (; i + lanes <= groups.elems; i += lanes) {
      const auto code = codes_of<kNumbers>(hn::Div(hn::LoadU(floats, values + i), divisor));
      hn::StoreU(hn::TruncateTo(bytes, code), bytes, codes + i);
    }
    for (; i < groups.elems; ++i) codes[i] = float_code(kNumbers, values[i] / scale);
  }
}

void float_groups(Numbers numbers, GroupScale scale, const Groups& groups, const Codes& out) {
  switch (numbers) {
    case Numbers::nf4:
      return groups_of<Numbers::nf4>(scale, groups, out);
    case Numbers::e2m1:
      return groups_of<Numbers::e2m1>(scale, groups, out);
    case Numbers::e4m3:
      return groups_of<Numbers::e4m3>(scale, groups, out);
    case Numbers::cb4:
      return groups_of<Numbers::cb4>(scale, groups, out);
    default:
      return;
  }
}

}  // namespace ovbake::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ovbake {
namespace {

void groups_scalar(Numbers numbers, GroupScale group_scale, const Groups& groups,
                   const Codes& out) {
  for (std::size_t group = 0; group < groups.count; ++group) {
    const std::size_t first = group * groups.elems;
    const std::span values(groups.values + first, groups.elems);
    float max_abs = 0;
    for (const float value : values) max_abs = std::max(max_abs, std::fabs(value));
    const float scale = group_scale(numbers, max_abs, groups.small_weight);
    out.scales[group] = scale;
    for (std::size_t i = 0; i < groups.elems; ++i) {
      out.codes[first + i] = float_code(numbers, values[i] / scale);
    }
  }
}

}  // namespace

HWY_EXPORT(float_groups);

float float_scale(Numbers numbers, float max_abs, bool small_weight) {
  if (small_weight) return std::max(max_abs / largest(numbers), kSmallestScale);
  return std::max(max_abs, kSmallestScale) / largest(numbers);
}

std::uint8_t e4m3_from_float(float value) {
  const float narrowed = float_from_f16(f16_from_float(value));
  const auto bits = std::bit_cast<std::uint32_t>(narrowed);
  const std::uint32_t magnitude = bits & 0x7fffffff;
  const std::uint32_t sign = bits >> 31 << 7;
  if (std::bit_cast<float>(magnitude) < 0x1p-6F) {
    const float shifted = std::bit_cast<float>(magnitude) + 0x1p14F;
    return static_cast<std::uint8_t>(
        sign | (std::bit_cast<std::uint32_t>(shifted) - std::bit_cast<std::uint32_t>(0x1p14F)));
  }
  const std::uint32_t ties_to_even = 0x7ffff + (magnitude >> 20 & 1);
  return static_cast<std::uint8_t>(sign | (magnitude - ((127U - 7U) << 23) + ties_to_even) >> 20);
}

void float_groups(Numbers numbers, const Groups& groups, const Codes& out) {
  HWY_DYNAMIC_DISPATCH(float_groups)(numbers, float_scale, groups, out);
}

void float_groups_scalar(Numbers numbers, const Groups& groups, const Codes& out) {
  groups_scalar(numbers, float_scale, groups, out);
}

void mx_groups(Numbers numbers, const Groups& groups, const Codes& out) {
  HWY_DYNAMIC_DISPATCH(float_groups)(numbers, mx_group_scale, groups, out);
}

void mx_groups_scalar(Numbers numbers, const Groups& groups, const Codes& out) {
  groups_scalar(numbers, mx_group_scale, groups, out);
}

}  // namespace ovbake
#endif
