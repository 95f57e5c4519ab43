// What config.json leaves out is what transformers, or the class beside a published checkpoint,
// takes for it (recorded by tests/record/default_values.py).
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "architecture/family.hpp"
#include "base/json.hpp"
#include "support/data.hpp"

namespace ovbake {
namespace {

template <typename Part>
std::string text_of(const Part& part) {
  if constexpr (Described<Part>) {
    return std::apply([](const auto&... each) { return "{" + ((text_of(each) + " ") + ...) + "}"; },
                      part.parts());
  } else if constexpr (requires { std::variant_size<Part>::value; }) {
    return fmt::format("{}:", part.index()) +
           std::visit([](const auto& kind) { return text_of(kind); }, part);
  } else if constexpr (requires { part.has_value(); }) {
    return part ? text_of(*part) : "none";
  } else if constexpr (std::is_same_v<Part, std::monostate>) {
    return "nothing";
  } else if constexpr (std::is_enum_v<Part>) {
    return fmt::format("{}", static_cast<int>(part));
  } else if constexpr (std::ranges::range<Part> && !std::is_same_v<Part, std::string>) {
    std::string all;
    for (const auto& each : part) all += text_of(each) + "\n";
    return all;
  } else {
    return fmt::format("{}", part);
  }
}

Decoder described(const Json& config) { return describe(Config(config, "config.json")); }

TEST(DefaultValues, AreThoseOfTransformers) {
  for (const Json& entry : read_json(test_data("default_values.json"))) {
    const std::string fixture = entry["fixture"];
    Json said = read_json(test_data("families/" + fixture + "/config.json"));
    said.update(entry["stated"]);
    Json left_out = said;
    for (const auto& [key, value] : entry["filled"].items()) {
      left_out.erase(key);
      said[key] = value;
    }
    const Decoder filled = described(left_out);
    const Decoder expected = described(said);
    EXPECT_TRUE(filled == expected) << fixture << "\n"
                                    << text_of(filled) << "\n"
                                    << text_of(expected);
  }
}

}  // namespace
}  // namespace ovbake
