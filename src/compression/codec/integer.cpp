#include "compression/codec/integer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compression/codec/integer.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#ifndef OVBAKE_INTEGER_GROUP_RULES
#define OVBAKE_INTEGER_GROUP_RULES
namespace ovbake {
namespace {

struct Range {
  float min;
  float max;
};

/// Where OpenVINO's reductions begin.
constexpr Range kNoRange{std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest()};

/// NaN widens nothing, as in NNCF.
Range widened(const Range& range, float value) {
  return {std::min(range.min, value), std::max(range.max, value)};
}

Range with_zero(const Range& range) {
  return {std::min(0.0F, range.min), std::max(0.0F, range.max)};
}

float symmetric_scale(const Range& range, float steps) {
  const float magnitude = std::fabs(range.min);
  const float scale = (magnitude >= range.max ? magnitude : -range.max) / steps;
  return std::fabs(scale) < kSmallestScale ? kSmallestScale : scale;
}

float asymmetric_scale(const Range& range, float steps) {
  const float scale = (range.max - range.min) / steps;
  return scale < kSmallestScale ? kSmallestScale : scale;
}

/// NaN becomes `low`, as in NNCF.
float nearest_within(float value, float low, float high) {
  return std::nearbyint(value > low ? std::min(value, high) : low);
}

float asymmetric_zero_point(const Range& range, float scale, float steps) {
  return nearest_within(-(range.min / scale), 0, steps);
}

std::uint8_t symmetric_code(float value, float scale, float low, float high) {
  return static_cast<std::uint8_t>(static_cast<int>(nearest_within(value / scale, low, high)));
}

std::uint8_t asymmetric_code(float value, float scale, float zero_point, float high) {
  return static_cast<std::uint8_t>(nearest_within(value / scale + zero_point, 0, high));
}

}  // namespace
}  // namespace ovbake
#endif

HWY_BEFORE_NAMESPACE();
namespace ovbake::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

const hn::ScalableTag<float> kFloats;
using Floats = hn::Vec<hn::ScalableTag<float>>;
const hn::RebindToUnsigned<hn::ScalableTag<float>> kWords;
const hn::Rebind<std::uint8_t, hn::ScalableTag<float>> kBytes;

/// Added to a small number, leaves the nearest integer, ties to even, in the lowest bits.
constexpr float kToInteger = 0x1.8p23F;

// Of two operands of which the first is NaN, x86 returns the second; every_format_test.cpp says so
// where another processor does not.
Range range_of(const float* values, std::size_t count) {
  const std::size_t lanes = hn::Lanes(kFloats);
  auto low = hn::Set(kFloats, kNoRange.min);
  auto high = hn::Set(kFloats, kNoRange.max);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto next = hn::LoadU(kFloats, values + i);
    low = hn::Min(next, low);
    high = hn::Max(next, high);
  }
  Range range{hn::GetLane(hn::MinOfLanes(kFloats, low)),
              hn::GetLane(hn::MaxOfLanes(kFloats, high))};
  for (; i < count; ++i) range = widened(range, values[i]);
  return range;
}

/// Stores the low byte of each code that nearest_within gives.
void store_nearest_within(Floats value, Floats low, Floats high, std::uint8_t* codes) {
  const auto shifted = hn::Add(hn::Min(hn::Max(value, low), high), hn::Set(kFloats, kToInteger));
  hn::StoreU(hn::TruncateTo(kBytes, hn::BitCast(kWords, shifted)), kBytes, codes);
}

// All scales come first: the steps to one wait for each other, those to different ones do not.
void symmetric_groups(int bits, const Groups& groups, const Codes& out) {
  const float steps = static_cast<float>(1 << (bits - 1));
  const auto low = hn::Set(kFloats, -steps);
  const auto high = hn::Set(kFloats, steps - 1);
  const std::size_t lanes = hn::Lanes(kFloats), elems = groups.elems;
  for (std::size_t group = 0; group < groups.count; ++group) {
    const Range range = range_of(groups.values + group * elems, elems);
    out.scales[group] = symmetric_scale(range, steps);
  }
  for (std::size_t group = 0; group < groups.count; ++group) {
    const float* values = groups.values + group * elems;
    std::uint8_t* codes = out.codes.data() + group * elems;
    const float scale = out.scales[group];
    const auto divisor = hn::Set(kFloats, scale);
    std::size_t i = 0;
    for (; i + lanes <= elems; i += lanes) {
      const auto quotient = hn::Div(hn::LoadU(kFloats, values + i), divisor);
      store_nearest_within(quotient, low, high, codes + i);
    }
    for (; i < elems; ++i) codes[i] = symmetric_code(values[i], scale, -steps, steps - 1);
  }
}

void asymmetric_groups(int bits, const Groups& groups, const Codes& out) {
  const float steps = static_cast<float>((1 << bits) - 1);
  const auto zero = hn::Zero(kFloats);
  const auto high = hn::Set(kFloats, steps);
  const std::size_t lanes = hn::Lanes(kFloats), elems = groups.elems;
  for (std::size_t group = 0; group < groups.count; ++group) {
    const Range range = with_zero(range_of(groups.values + group * elems, elems));
    const float scale = asymmetric_scale(range, steps);
    out.scales[group] = scale;
    out.zero_points[group] = static_cast<std::uint8_t>(asymmetric_zero_point(range, scale, steps));
  }
  for (std::size_t group = 0; group < groups.count; ++group) {
    const float* values = groups.values + group * elems;
    std::uint8_t* codes = out.codes.data() + group * elems;
    const float scale = out.scales[group];
    const float zero_point = out.zero_points[group];
    const auto divisor = hn::Set(kFloats, scale);
    const auto shift = hn::Set(kFloats, zero_point);
    std::size_t i = 0;
    for (; i + lanes <= elems; i += lanes) {
      const auto quotient = hn::Div(hn::LoadU(kFloats, values + i), divisor);
      store_nearest_within(hn::Add(quotient, shift), zero, high, codes + i);
    }
    for (; i < elems; ++i) codes[i] = asymmetric_code(values[i], scale, zero_point, steps);
  }
}

}  // namespace ovbake::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ovbake {
namespace {

Range range_of(std::span<const float> values) {
  return std::accumulate(values.begin(), values.end(), kNoRange, widened);
}

}  // namespace

HWY_EXPORT(symmetric_groups);
HWY_EXPORT(asymmetric_groups);

void symmetric_groups(int bits, const Groups& groups, const Codes& out) {
  HWY_DYNAMIC_DISPATCH(symmetric_groups)(bits, groups, out);
}

void asymmetric_groups(int bits, const Groups& groups, const Codes& out) {
  HWY_DYNAMIC_DISPATCH(asymmetric_groups)(bits, groups, out);
}

void symmetric_groups_scalar(int bits, const Groups& groups, const Codes& out) {
  const float steps = static_cast<float>(1 << (bits - 1));
  for (std::size_t group = 0; group < groups.count; ++group) {
    const std::size_t first = group * groups.elems;
    const std::span values(groups.values + first, groups.elems);
    const float scale = symmetric_scale(range_of(values), steps);
    out.scales[group] = scale;
    for (std::size_t i = 0; i < groups.elems; ++i) {
      out.codes[first + i] = symmetric_code(values[i], scale, -steps, steps - 1);
    }
  }
}

void asymmetric_groups_scalar(int bits, const Groups& groups, const Codes& out) {
  const float steps = static_cast<float>((1 << bits) - 1);
  for (std::size_t group = 0; group < groups.count; ++group) {
    const std::size_t first = group * groups.elems;
    const std::span values(groups.values + first, groups.elems);
    const Range range = with_zero(range_of(values));
    const float scale = asymmetric_scale(range, steps);
    const float zero_point = asymmetric_zero_point(range, scale, steps);
    out.scales[group] = scale;
    out.zero_points[group] = static_cast<std::uint8_t>(zero_point);
    for (std::size_t i = 0; i < groups.elems; ++i) {
      out.codes[first + i] = asymmetric_code(values[i], scale, zero_point, steps);
    }
  }
}

}  // namespace ovbake
#endif
