#include "base/shape.hpp"

#include <gtest/gtest.h>

#include "support/error_of.hpp"

namespace ovbake {
namespace {

TEST(Shape, CountsElements) {
  EXPECT_EQ(element_count({}), 1);
  EXPECT_EQ(element_count({4096, 32, 128}), 16'777'216);
  EXPECT_EQ(element_count({5, 0}), 0);
  EXPECT_EQ(element_count({1LL << 31, 1LL << 31}), 1LL << 62);
}

TEST(Shape, RefusesWhatNoTensorCanHave) {
  expect_error(
      ErrorCode::input,
      [] {
        element_count({1LL << 32, 1LL << 31});
      },
      "[4294967296, ");
  expect_error(
      ErrorCode::input,
      [] {
        element_count({2, -1});
      },
      "[2, -1]");
}

TEST(Shape, CountsBytesRoundedUp) {
  EXPECT_EQ(byte_count(element::f32, {3, 5}), 60U);
  EXPECT_EQ(byte_count(element::i4, {3, 5}), 8U);
  EXPECT_EQ(byte_count(element::u4, {2}), 1U);
  EXPECT_EQ(byte_count(element::bf16, {}), 2U);
}

// 2^62 elements exist as a number, their bits do not.
TEST(Shape, RefusesBytesThatOverflow) {
  EXPECT_EQ(byte_count(element::u8, {1LL << 60}), 1ULL << 60);
  EXPECT_EQ(byte_count(element::f32, {1LL << 60}), 1ULL << 62);
  expect_error(
      ErrorCode::input, [] { byte_count(element::f32, {1LL << 62}); }, "4611686018427387904");
}

TEST(Shape, IsWrittenAsAList) {
  EXPECT_EQ(to_string(Shape{}), "[]");
  EXPECT_EQ(to_string(Shape{4096, 32, 128}), "[4096, 32, 128]");
}

}  // namespace
}  // namespace ovbake
