#include "compression/codec/integer.hpp"

#include <algorithm>
#include <cmath>

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

float symmetric_scale(const Range& range, float steps) {
  const float magnitude = std::fabs(range.min);
  const float scale = (magnitude >= range.max ? magnitude : -range.max) / steps;
  return std::fabs(scale) < kSmallestScale ? kSmallestScale : scale;
}

float asymmetric_scale(const Range& range, float steps) {
  const float scale = (range.max - range.min) / steps;
  return scale < kSmallestScale ? kSmallestScale : scale;
}

float asymmetric_zero_point(const Range& range, float scale, float steps) {
  return std::clamp(0.0F - std::nearbyint(range.min / scale), 0.0F, steps);
}

std::uint8_t symmetric_code(float value, float scale, float low, float high) {
  const float code = std::clamp(std::nearbyint(value / scale), low, high);
  return static_cast<std::uint8_t>(static_cast<int>(code));
}

std::uint8_t asymmetric_code(float value, float scale, float zero_point, float high) {
  return static_cast<std::uint8_t>(
      std::clamp(std::nearbyint(value / scale + zero_point), 0.0F, high));
}

}  // namespace
}  // namespace ovbake
#endif

HWY_BEFORE_NAMESPACE();
namespace ovbake::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

const hn::ScalableTag<float> kFloats;
const hn::Rebind<std::int32_t, hn::ScalableTag<float>> kInts;
const hn::Rebind<std::int8_t, hn::ScalableTag<float>> kSignedBytes;
const hn::Rebind<std::uint8_t, hn::ScalableTag<float>> kBytes;

Range RangeOf(const float* values, std::size_t count) {
  const std::size_t lanes = hn::Lanes(kFloats);
  Range range{values[0], values[0]};
  std::size_t i = 0;
  if (count >= lanes) {
    auto low = hn::LoadU(kFloats, values);
    auto high = low;
    for (i = lanes; i + lanes <= count; i += lanes) {
      const auto next = hn::LoadU(kFloats, values + i);
      low = hn::Min(low, next);
      high = hn::Max(high, next);
    }
    range = {hn::GetLane(hn::MinOfLanes(kFloats, low)), hn::GetLane(hn::MaxOfLanes(kFloats, high))};
  }
  for (; i < count; ++i) {
    range = {std::min(range.min, values[i]), std::max(range.max, values[i])};
  }
  return range;
}

void SymmetricGroups(int bits, const Groups& groups, const EncodedGroups& encoded) {
  const float steps = static_cast<float>(1 << (bits - 1));
  const auto low = hn::Set(kInts, -(1 << (bits - 1)));
  const auto high = hn::Set(kInts, (1 << (bits - 1)) - 1);
  const std::size_t lanes = hn::Lanes(kFloats);
  for (std::size_t group = 0; group < groups.count; ++group) {
    const float* values = groups.values + group * groups.elems;
    std::uint8_t* codes = encoded.codes.data() + group * groups.elems;
    const float scale = symmetric_scale(RangeOf(values, groups.elems), steps);
    encoded.scales[group] = scale;
    const auto divisor = hn::Set(kFloats, scale);
    std::size_t i = 0;
    for (; i + lanes <= groups.elems; i += lanes) {
      const auto quotient = hn::Div(hn::LoadU(kFloats, values + i), divisor);
      const auto code = hn::Min(hn::Max(hn::NearestInt(quotient), low), high);
      hn::StoreU(hn::DemoteTo(kSignedBytes, code), kSignedBytes,
                 reinterpret_cast<std::int8_t*>(codes + i));
    }
    for (; i < groups.elems; ++i) codes[i] = symmetric_code(values[i], scale, -steps, steps - 1);
  }
}

void AsymmetricGroups(int bits, const Groups& groups, const EncodedGroups& encoded) {
  const float steps = static_cast<float>((1 << bits) - 1);
  const auto zero = hn::Zero(kInts);
  const auto high = hn::Set(kInts, (1 << bits) - 1);
  const std::size_t lanes = hn::Lanes(kFloats);
  for (std::size_t group = 0; group < groups.count; ++group) {
    const float* values = groups.values + group * groups.elems;
    std::uint8_t* codes = encoded.codes.data() + group * groups.elems;
    Range range = RangeOf(values, groups.elems);
    range = {std::min(0.0F, range.min), std::max(0.0F, range.max)};
    const float scale = asymmetric_scale(range, steps);
    const float zero_point = asymmetric_zero_point(range, scale, steps);
    encoded.scales[group] = scale;
    encoded.zero_points[group] = static_cast<std::uint8_t>(zero_point);
    const auto divisor = hn::Set(kFloats, scale);
    const auto shift = hn::Set(kFloats, zero_point);
    std::size_t i = 0;
    for (; i + lanes <= groups.elems; i += lanes) {
      const auto quotient = hn::Div(hn::LoadU(kFloats, values + i), divisor);
      const auto code = hn::Min(hn::Max(hn::NearestInt(hn::Add(quotient, shift)), zero), high);
      hn::StoreU(hn::DemoteTo(kBytes, code), kBytes, codes + i);
    }
    for (; i < groups.elems; ++i) codes[i] = asymmetric_code(values[i], scale, zero_point, steps);
  }
}

}  // namespace ovbake::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ovbake {
namespace {

Range range_of(std::span<const float> values) {
  const auto [low, high] = std::ranges::minmax(values);
  return {low, high};
}

}  // namespace

HWY_EXPORT(SymmetricGroups);
HWY_EXPORT(AsymmetricGroups);

void symmetric_groups(int bits, const Groups& groups, const EncodedGroups& encoded) {
  HWY_DYNAMIC_DISPATCH(SymmetricGroups)(bits, groups, encoded);
}

void asymmetric_groups(int bits, const Groups& groups, const EncodedGroups& encoded) {
  HWY_DYNAMIC_DISPATCH(AsymmetricGroups)(bits, groups, encoded);
}

void symmetric_groups_scalar(int bits, const Groups& groups, const EncodedGroups& encoded) {
  const float steps = static_cast<float>(1 << (bits - 1));
  for (std::size_t group = 0; group < groups.count; ++group) {
    const std::size_t first = group * groups.elems;
    const std::span values(groups.values + first, groups.elems);
    const float scale = symmetric_scale(range_of(values), steps);
    encoded.scales[group] = scale;
    for (std::size_t i = 0; i < groups.elems; ++i) {
      encoded.codes[first + i] = symmetric_code(values[i], scale, -steps, steps - 1);
    }
  }
}

void asymmetric_groups_scalar(int bits, const Groups& groups, const EncodedGroups& encoded) {
  const float steps = static_cast<float>((1 << bits) - 1);
  for (std::size_t group = 0; group < groups.count; ++group) {
    const std::size_t first = group * groups.elems;
    const std::span values(groups.values + first, groups.elems);
    Range range = range_of(values);
    range = {std::min(0.0F, range.min), std::max(0.0F, range.max)};
    const float scale = asymmetric_scale(range, steps);
    const float zero_point = asymmetric_zero_point(range, scale, steps);
    encoded.scales[group] = scale;
    encoded.zero_points[group] = static_cast<std::uint8_t>(zero_point);
    for (std::size_t i = 0; i < groups.elems; ++i) {
      encoded.codes[first + i] = asymmetric_code(values[i], scale, zero_point, steps);
    }
  }
}

}  // namespace ovbake
#endif
