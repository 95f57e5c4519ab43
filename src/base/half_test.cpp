#include "base/half.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "base/xxh3.hpp"

namespace ovbake {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

template <typename Value>
Digest digest_of(const std::vector<Value>& values) {
  Xxh3 xxh3;
  xxh3.update(std::as_bytes(std::span(values)));
  return xxh3.digest();
}

/// Every kind of float there is to round, as tests/record/half.py makes them.
std::vector<std::uint16_t> narrowed(std::uint16_t (*narrow)(float)) {
  std::vector<std::uint16_t> results;
  for (std::uint32_t high = 0; high < 1U << 16; ++high) {
    for (const std::uint32_t low :
         {0, 1, 0x0fff, 0x1000, 0x1001, 0x2fff, 0x3000, 0x7fff, 0x8000, 0x8001, 0xf000, 0xffff}) {
      const auto value = std::bit_cast<float>(high << 16 | low);
      if (!std::isnan(value)) results.push_back(narrow(value));
    }
  }
  return results;
}

std::vector<float> widened(float (*widen)(std::uint16_t)) {
  std::vector<float> results;
  for (std::uint32_t bits = 0; bits < 1U << 16; ++bits) {
    const float value = widen(static_cast<std::uint16_t>(bits));
    if (!std::isnan(value)) results.push_back(value);
  }
  return results;
}

// The digests are those of PyTorch's conversions: tests/record/half.py.
TEST(Half, ConvertsAsPyTorchDoes) {
  EXPECT_EQ(digest_of(narrowed(bf16_from_float)), "7632ac98d18ab65be7bd1dfbca26633c");
  EXPECT_EQ(digest_of(widened(float_from_bf16)), "23931214f350a0a7ac01af90e209d7ec");
  EXPECT_EQ(digest_of(narrowed(f16_from_float)), "1a6e096dc323a42b57f9edc7fab17d4e");
  EXPECT_EQ(digest_of(widened(float_from_f16)), "39512cb6a98417245c956f875e81739b");
}

TEST(Half, GivesEveryValueBack) {
  for (std::uint32_t i = 0; i < 1U << 16; ++i) {
    const auto bits = static_cast<std::uint16_t>(i);
    const float brain = float_from_bf16(bits);
    const float half = float_from_f16(bits);
    EXPECT_TRUE(std::isnan(brain) || bf16_from_float(brain) == bits) << bits;
    EXPECT_TRUE(std::isnan(half) || f16_from_float(half) == bits) << bits;
  }
}

TEST(Half, KeepsNansQuietAndSigned) {
  EXPECT_EQ(bf16_from_float(std::bit_cast<float>(0x7f800001U)), 0x7fc0);
  EXPECT_EQ(bf16_from_float(std::bit_cast<float>(0xffffffffU)), 0xffff);
  EXPECT_EQ(f16_from_float(std::bit_cast<float>(0x7f800001U)), 0x7e00);
  EXPECT_EQ(f16_from_float(std::bit_cast<float>(0xffffffffU)), 0xffff);
  EXPECT_EQ(std::bit_cast<std::uint32_t>(float_from_f16(0x7c01)), 0x7fc02000U);
  EXPECT_EQ(std::bit_cast<std::uint32_t>(float_from_bf16(0xff81)), 0xff810000U);
}

// Values worked out by hand from the definition of the formats.
static_assert(bf16_from_float(1.0F) == 0x3f80);
static_assert(bf16_from_float(1.00390625F) == 0x3f80, "a tie goes to the even neighbour");
static_assert(bf16_from_float(1.01171875F) == 0x3f82, "a tie goes to the even neighbour");
static_assert(bf16_from_float(3.4028235e38F) == 0x7f80, "too large is infinity");
static_assert(f16_from_float(65504.0F) == 0x7bff, "the largest");
static_assert(f16_from_float(65519.996F) == 0x7bff);
static_assert(f16_from_float(65520.0F) == 0x7c00, "halfway to 2^16 is infinity");
static_assert(f16_from_float(-kInfinity) == 0xfc00);
static_assert(f16_from_float(0x1p-24F) == 0x0001, "the smallest subnormal");
static_assert(f16_from_float(0x1p-25F) == 0x0000, "half of it is a tie, and zero is even");
static_assert(f16_from_float(-0x1.000002p-25F) == 0x8001);
static_assert(f16_from_float(0x1.ff8p-15F) == 0x03ff, "the largest subnormal");
static_assert(f16_from_float(0x1.ffcp-15F) == 0x0400, "a tie goes up to the smallest normal");
static_assert(float_from_f16(0x3555) == 0.333251953125F);

}  // namespace
}  // namespace ovbake
