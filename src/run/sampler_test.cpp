#include "run/sampler.hpp"

#include <cmath>
#include <limits>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "execution/likeliest.hpp"

namespace ovbake {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

/// ln of 0.1, 0.4, 0.2 and 0.3: softmax gives these back.
const std::vector<float> kLogits{std::log(0.1F), std::log(0.4F), std::log(0.2F), std::log(0.3F)};

std::map<std::int64_t, double> shares(const GenerateOptions& options, int draws = 20'000) {
  Sampler sampler(options);
  std::map<std::int64_t, double> shares;
  for (int i = 0; i < draws; ++i) shares[sampler.pick(kLogits)] += 1.0 / draws;
  return shares;
}

std::vector<std::int64_t> drawn_tokens(const GenerateOptions& options) {
  std::vector<std::int64_t> tokens;
  for (const auto& [token, share] : shares(options)) tokens.push_back(token);
  return tokens;
}

TEST(Sampler, TakesTheLikeliestAtTemperatureZero) {
  EXPECT_EQ(Sampler({}).pick(kLogits), 1);
  EXPECT_EQ(likeliest(std::vector<float>{1, 5, 5, 2}), 1);
}

TEST(Sampler, DrawsAsTheModelSays) {
  const auto drawn = shares({.temperature = 1, .seed = 7});
  EXPECT_NEAR(drawn.at(0), 0.1, 0.02);
  EXPECT_NEAR(drawn.at(1), 0.4, 0.02);
  EXPECT_NEAR(drawn.at(2), 0.2, 0.02);
  EXPECT_NEAR(drawn.at(3), 0.3, 0.02);
}

/// At temperature 1/2 shares go with the squares: 1, 16, 4 and 9 of 30.
TEST(Sampler, SharpensAtLowTemperature) {
  const auto drawn = shares({.temperature = 0.5, .seed = 7});
  EXPECT_NEAR(drawn.at(0), 1.0 / 30, 0.01);
  EXPECT_NEAR(drawn.at(1), 16.0 / 30, 0.02);
}

TEST(Sampler, KeepsTheTopK) {
  EXPECT_THAT(drawn_tokens({.temperature = 1, .top_k = 2}), UnorderedElementsAre(1, 3));
  EXPECT_THAT(drawn_tokens({.temperature = 1, .top_k = 1}), UnorderedElementsAre(1));
  EXPECT_THAT(drawn_tokens({.temperature = 1, .top_k = 9}), UnorderedElementsAre(0, 1, 2, 3));
}

/// The fewest tokens that together reach the share: 0.4; 0.4 + 0.3; 0.4 + 0.3 + 0.2.
TEST(Sampler, KeepsTheFewestTokensThatReachTopP) {
  EXPECT_THAT(drawn_tokens({.temperature = 1, .top_p = 0.3}), UnorderedElementsAre(1));
  EXPECT_THAT(drawn_tokens({.temperature = 1, .top_p = 0.5}), UnorderedElementsAre(1, 3));
  EXPECT_THAT(drawn_tokens({.temperature = 1, .top_p = 0.8}), UnorderedElementsAre(1, 2, 3));
}

TEST(Sampler, DrawsTheSameFromTheSameSeed) {
  const GenerateOptions options{.temperature = 1, .seed = 42};
  Sampler one(options), two(options), other({.temperature = 1, .seed = 43});
  int differences = 0;
  for (int i = 0; i < 100; ++i) {
    const std::int64_t token = one.pick(kLogits);
    EXPECT_EQ(token, two.pick(kLogits));
    differences += token != other.pick(kLogits);
  }
  EXPECT_GT(differences, 0);
}

TEST(Sampler, RefusesOptionsThatMakeNoSense) {
  const auto complaint = [](const GenerateOptions& options) -> std::string {
    try {
      Sampler sampler(options);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::usage);
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(complaint({.temperature = -0.5}), HasSubstr("temperature is -0.5"));
  EXPECT_THAT(complaint({.temperature = std::numeric_limits<double>::quiet_NaN()}),
              HasSubstr("temperature"));
  EXPECT_THAT(complaint({.top_p = 0}), HasSubstr("top_p is 0"));
  EXPECT_THAT(complaint({.top_p = 1.5}), HasSubstr("top_p is 1.5"));
}

}  // namespace
}  // namespace ovbake
