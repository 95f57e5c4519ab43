#include "architecture/rope.hpp"

#include <cmath>

#include <gmock/gmock.h>

#include <ovbake/error.hpp>

#include "base/json.hpp"
#include "support/data.hpp"

namespace ovbake {
namespace {

/// The same rope in the spelling of checkpoints from before rope_parameters.
Json older_spelling(const Json& parameters) {
  Json scaling = parameters;
  scaling.erase("rope_theta");
  scaling["type"] = scaling["rope_type"];
  Json config{{"rope_theta", parameters["rope_theta"]}};
  if (scaling["type"] != "default") config["rope_scaling"] = scaling;
  return config;
}

/// Equal, or neighbours among floats: torch's vectorised powf is not correctly rounded, ours is.
MATCHER(EqualOrNeighbours, "") {
  const auto [ours, theirs] = arg;
  return std::nextafter(ours, theirs) == theirs;
}

TEST(Rope, FrequenciesEqualTransformersInBothSpellings) {
  const Json cases = read_json(test_data("rope.json"));
  ASSERT_EQ(cases.size(), 9U);
  for (const Json& recorded : cases) {
    const Json& parameters = recorded["rope_parameters"];
    const auto expected = recorded["inv_freq"].get<std::vector<float>>();
    const Config newer(Json{{"rope_parameters", parameters}}, "config.json");
    const Config older(older_spelling(parameters), "config.json");
    EXPECT_THAT(describe_rope(newer, recorded["head_dim"]).inv_freq,
                testing::Pointwise(EqualOrNeighbours(), expected))
        << parameters;
    EXPECT_FLOAT_EQ(describe_rope(newer, recorded["head_dim"]).attention_factor,
                    recorded["attention_factor"].get<float>())
        << parameters;
    EXPECT_EQ(describe_rope(older, recorded["head_dim"]),
              describe_rope(newer, recorded["head_dim"]))
        << parameters;
    EXPECT_THAT(newer.unread_keys(), testing::IsEmpty());
    EXPECT_THAT(older.unread_keys(), testing::IsEmpty());
  }
}

TEST(Rope, RefusesAKindItDoesNotKnow) {
  const Config config(Json{{"rope_scaling", {{"rope_type", "spiral"}, {"factor", 2}}}},
                      "config.json");
  EXPECT_THROW(describe_rope(config, 64), Error);
}

TEST(Rope, RefusesAPartThatIsNoShareOfAHead) {
  for (const double part : {0.0, -0.5, 1.5, 1e30}) {
    const Config config(Json{{"partial_rotary_factor", part}}, "config.json");
    EXPECT_THROW(describe_rope(config, 64), Error) << part;
  }
}

}  // namespace
}  // namespace ovbake
