#include "hub/http.hpp"

#include <gtest/gtest.h>

#include "hub/retries.hpp"

namespace ovbake {
namespace {

TEST(ResolvedUrl, FollowsReferences) {
  const std::string base = "https://hub.test/a/b?c";
  EXPECT_EQ(resolved_url(base, "/x?y"), "https://hub.test/x?y");
  EXPECT_EQ(resolved_url(base, "https://cdn.test/x"), "https://cdn.test/x");
  EXPECT_EQ(resolved_url(base, "file:///etc/passwd"), std::nullopt);
  EXPECT_EQ(resolved_url(base, "ftp://cdn.test/x"), std::nullopt);
}

TEST(OriginOf, TellsApartWhatATokenMayBeSentTo) {
  const std::string hub = origin_of("https://hub.test/a");
  EXPECT_EQ(origin_of("https://HUB.test:443/b?c"), hub);
  for (const char* other :
       {"http://hub.test/a", "https://hub.test:8443/a", "https://hub.test.evil/a",
        "https://hub.test@evil.test/a", "https://evil.test/hub.test"}) {
    EXPECT_NE(origin_of(other), hub) << other;
  }
}

TEST(RetryAfter, IsSecondsOrADate) {
  const auto after = [](const char* text) {
    return retry_after({.status = 429, .headers = {{"retry-after", text}}});
  };
  EXPECT_EQ(after("7"), std::chrono::seconds(7));
  EXPECT_EQ(after("Wed, 01 Jan 2020 00:00:00 GMT"), std::chrono::seconds(0));
  EXPECT_GT(after("Fri, 01 Jan 2100 00:00:00 GMT"), std::chrono::hours(24));
  EXPECT_EQ(after("soon"), std::nullopt);
  EXPECT_EQ(retry_after({.status = 429}), std::nullopt);
}

}  // namespace
}  // namespace ovbake
