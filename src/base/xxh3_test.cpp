#include "base/xxh3.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

#include <gtest/gtest.h>

namespace ovbake {
namespace {

Digest digest_of(std::string_view text, std::size_t piece) {
  Xxh3 xxh3;
  for (std::size_t i = 0; i < text.size(); i += piece) {
    xxh3.update(std::as_bytes(std::span(text.substr(i, piece))));
  }
  return xxh3.digest();
}

// Printed by `xxhsum -H2` (xxHash 0.8.1) of the same bytes.
TEST(Xxh3, IsWhatXxhsumPrints) {
  EXPECT_EQ(digest_of("", 1), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(digest_of("a", 1), "a96faf705af16834e6c632b61e964e1f");
  EXPECT_EQ(digest_of(std::string(100'000, 'x'), 100'000), "0fe996a84987456bd8b99a30e426ac41");
}

TEST(Xxh3, DoesNotDependOnThePieces) {
  const std::string text(100'000, 'x');
  for (const std::size_t piece : {1, 7, 256, 4096, 99'999}) {
    EXPECT_EQ(digest_of(text, piece), digest_of(text, text.size())) << piece;
  }
}

TEST(Xxh3, GoesOnAfterADigestAndAMove) {
  Xxh3 first;
  first.update(std::as_bytes(std::span("ab", 2)));
  EXPECT_EQ(first.digest(), digest_of("ab", 2));
  Xxh3 second = std::move(first);
  second.update(std::as_bytes(std::span("c", 1)));
  EXPECT_EQ(second.digest(), digest_of("abc", 3));
}

}  // namespace
}  // namespace ovbake
