// Every format, whatever it is: each instruction set must give the scalar encoder's bytes, and a
// weight must come out the same whether it is encoded at once or in blocks of rows.
#include <bit>
#include <cmath>
#include <functional>
#include <random>

#include <gtest/gtest.h>
#include <hwy/highway.h>
#include <hwy/targets.h>

#include "base/error.hpp"
#include "compression/format.hpp"
#include "support/instruction_set.hpp"

namespace ovbake {
namespace {

using Constants = std::vector<std::vector<std::byte>>;

struct Values {
  std::string name;
  std::function<float(std::size_t)> at;
};

/// Deterministic patterns, each aimed at one rule of the encoders.
std::vector<Values> patterns() {
  static std::mt19937 random(7);
  const auto normal = [](std::size_t) { return std::normal_distribution<float>(0, 0.02F)(random); };
  const auto bf16 = [normal](std::size_t i) {
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(normal(i)) & 0xffff0000U);
  };
  const auto any_bits = [](std::size_t) {
    const float value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    return std::isfinite(value) ? value : 1.0F;
  };
  return {
      {"normal", normal},
      {"bf16", bf16},
      {"zero", [](std::size_t) { return 0.0F; }},
      {"signed zeros", [](std::size_t i) { return i % 2 == 0 ? 0.0F : -0.0F; }},
      {"positive", [normal](std::size_t i) { return std::fabs(normal(i)); }},
      {"negative", [normal](std::size_t i) { return -std::fabs(normal(i)); }},
      {"ties", [](std::size_t i) { return static_cast<float>(i % 33) * 0.5F - 8.0F; }},
      {"equal ends", [](std::size_t i) { return i % 2 == 0 ? 1.0F : -1.0F; }},
      {"outlier", [normal](std::size_t i) { return i % 61 == 5 ? 40.0F : normal(i); }},
      {"subnormal", [](std::size_t i) { return static_cast<float>(i % 9) * 0x1p-149F; }},
      {"below the smallest scale",
       [](std::size_t i) {
         return (i % 2 == 0 ? 1.0F : -1.0F) * static_cast<float>(i) * 0x1p-30F;
       }},
      {"huge", [](std::size_t i) { return (i % 2 == 0 ? 1.0F : -0.9F) * 0x1.fp127F; }},
      {"zero rows among others",
       [normal](std::size_t i) { return i / 64 % 3 == 0 ? 0 : normal(i); }},
      {"any bits", any_bits},
  };
}

/// Of formats that take what is not finite (see recipe.cpp).
std::vector<Values> nonfinite_patterns() {
  const auto one_in = [](std::size_t every, float value) {
    return [=](std::size_t i) { return i % every == 3 ? value : static_cast<float>(i % 9) - 4; };
  };
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  return {{"NaN", one_in(37, kNan)},
          {"infinities", one_in(41, kInfinity)},
          {"negative infinities", one_in(43, -kInfinity)},
          {"nothing but NaN", [](std::size_t) { return kNan; }},
          {"nothing but infinities", [](std::size_t) { return kInfinity; }},
          {"half NaN", [](std::size_t i) { return i % 2 == 0 ? kNan : 1.0F; }}};
}

std::vector<WeightShape> shapes(const WeightFormat& format) {
  std::vector<WeightShape> shapes{{.shape = {16, 128}}, {.shape = {9, 33}},    {.shape = {1, 1}},
                                  {.shape = {80, 130}}, {.shape = {3, 5, 64}}, {.shape = {7, 7}}};
  if (format.groups == WeightFormat::Groups::any) {
    for (const std::int64_t group : {16, 32, 64, 128}) shapes.push_back({{9, 256}, group});
    shapes.push_back({{90, 128}, 32});
    shapes.push_back({{3, 4, 64}, 64});
    shapes.push_back({{7, 40}, 20});
    shapes.push_back({{5, 21}, 7});
    return shapes;
  }
  if (format.groups == WeightFormat::Groups::fixed) {
    const std::int64_t group = format.default_group_size;
    return {{{5, 4 * group}, group}, {{2, 3, group}, group}, {{100, 4 * group}, group}};
  }
  return shapes;
}

float max_abs(const std::vector<float>& values) {
  float largest = 0;
  for (const float value : values) largest = std::max(largest, std::fabs(value));
  return largest;
}

std::vector<Values> patterns_of(const WeightFormat& format) {
  std::vector<Values> result = patterns();
  if (format.name.starts_with("int4") || format.name.starts_with("int8")) {
    std::ranges::move(nonfinite_patterns(), std::back_inserter(result));
  }
  return result;
}

/// The format with the functions that define it.
WeightFormat scalar(WeightFormat format) {
  if (auto* coded = std::get_if<WeightFormat::Coded>(&format.rounding)) {
    coded->quantize = coded->quantize_scalar;
  } else {
    auto& narrowed = std::get<WeightFormat::Narrowed>(format.rounding);
    narrowed.narrow = narrowed.narrow_scalar;
  }
  return format;
}

/// Encodes `values` in blocks of `rows` rows.
Constants encode(const WeightFormat& format, const WeightShape& weight,
                 const std::vector<float>& values, std::int64_t rows) {
  const auto layout = format.layout(weight);
  const float largest = format.needs_max_abs ? max_abs(values) : 0;
  Constants constants;
  std::vector<std::span<std::byte>> whole;
  for (const ConstantLayout& constant : layout) {
    constants.emplace_back(byte_count(constant.type, constant.shape));
  }
  for (std::size_t i = 0; i < layout.size(); ++i) {
    whole.push_back(layout[i].per_row ? std::span<std::byte>() : std::span(constants[i]));
  }
  if (format.pack_whole != nullptr) format.pack_whole(weight, largest, whole);
  for (std::int64_t first = 0; first < weight.rows(); first += rows) {
    const RowBlock block{.first_row = first,
                         .rows = std::min(rows, weight.rows() - first),
                         .values = values.data() + first * weight.columns()};
    std::vector<std::span<std::byte>> ranges(layout.size());
    for (std::size_t i = 0; i < layout.size(); ++i) {
      if (!layout[i].per_row) continue;
      ranges[i] = std::span(constants[i])
                      .subspan(row_bytes(weight, layout[i], first),
                               row_bytes(weight, layout[i], block.rows));
    }
    ovbake::encode(format, weight, block, largest, ranges);
  }
  return constants;
}

class EveryFormat : public testing::TestWithParam<const WeightFormat*> {
 protected:
  void TearDown() override { use_instruction_set(0); }

  /// Calls `check` for every shape and pattern.
  template <typename Check>
  void for_each_weight(const Check& check) {
    for (const WeightShape& weight : shapes(*GetParam())) {
      for (const Values& pattern : patterns_of(*GetParam())) {
        std::vector<float> values(static_cast<std::size_t>(element_count(weight.shape)));
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = pattern.at(i);
        SCOPED_TRACE(fmt::format("{} in groups of {}, {}", to_string(weight.shape),
                                 weight.group_size, pattern.name));
        check(weight, values);
      }
    }
  }
};

TEST_P(EveryFormat, GivesTheScalarBytesOnEveryInstructionSet) {
  const WeightFormat& format = *GetParam();
  const std::vector<std::int64_t> targets = hwy::SupportedAndGeneratedTargets();
  ASSERT_FALSE(targets.empty());
  for_each_weight([&](const WeightShape& weight, const std::vector<float>& values) {
    const Constants expected = encode(scalar(format), weight, values, weight.rows());
    for (const std::int64_t target : targets) {
      use_instruction_set(target);
      EXPECT_EQ(encode(format, weight, values, weight.rows()), expected) << hwy::TargetName(target);
    }
  });
}

TEST_P(EveryFormat, GivesTheSameBytesInBlocksOfRows) {
  const WeightFormat& format = *GetParam();
  for_each_weight([&](const WeightShape& weight, const std::vector<float>& values) {
    const std::int64_t alignment = row_alignment(weight, format.layout(weight));
    EXPECT_EQ(encode(format, weight, values, alignment),
              encode(format, weight, values, weight.rows()));
  });
}

TEST_P(EveryFormat, IsFoundByItsName) { EXPECT_EQ(&find_format(GetParam()->name), GetParam()); }

INSTANTIATE_TEST_SUITE_P(Formats, EveryFormat, testing::ValuesIn(formats()),
                         [](const auto& param) { return std::string(param.param->name); });

}  // namespace
}  // namespace ovbake
