#include "source/config.hpp"

#include <algorithm>
#include <functional>

#include <gmock/gmock.h>
#include <spdlog/fmt/fmt.h>

#include "base/file.hpp"
#include "base/json.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

namespace ovbake {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Config config_of(std::string_view text) {
  return {parse_json(text, "config.json"), "m/config.json"};
}

TEST(Config, ReadsEveryKind) {
  const Config config = config_of(R"({
      "hidden_size": 576, "offset": -3, "rms_norm_eps": 1e-05, "rope_theta": 10000,
      "tie_word_embeddings": true, "model_type": "llama", "factors": [1, 2.5], "ids": [3, -4],
      "architectures": ["LlamaForCausalLM"], "rope_parameters": {"factor": 8.0}})");
  EXPECT_EQ(config.size("hidden_size"), 576);
  EXPECT_EQ(config.integer("offset"), -3);
  EXPECT_EQ(config.number("rms_norm_eps"), 1e-05);
  EXPECT_EQ(config.number("rope_theta"), 10000.0);
  EXPECT_TRUE(config.flag("tie_word_embeddings", false));
  EXPECT_EQ(config.text("model_type"), "llama");
  EXPECT_THAT(config.numbers("factors"), ElementsAre(1.0, 2.5));
  EXPECT_THAT(config.integers("ids"), ElementsAre(3, -4));
  EXPECT_THAT(config.texts("architectures"), ElementsAre("LlamaForCausalLM"));
  EXPECT_EQ(config.section("rope_parameters").number("factor"), 8.0);
  EXPECT_THAT(config.unread_keys(), IsEmpty());
}

TEST(Config, TakesTheFallbackForAbsentAndNull) {
  const Config config = config_of(R"({"null": null})");
  for (const char* key : {"absent", "null"}) {
    EXPECT_FALSE(config.has(key));
    EXPECT_EQ(config.integer(key, -7), -7);
    EXPECT_EQ(config.size(key, 7), 7);
    EXPECT_EQ(config.count(key, 7), 7);
    EXPECT_EQ(config.number(key, 0.5), 0.5);
    EXPECT_TRUE(config.flag(key, true));
    EXPECT_EQ(config.text(key, "silu"), "silu");
    expect_error(
        ErrorCode::input, [&] { config.integer(key); }, "m/config.json", key);
    expect_error(
        ErrorCode::input, [&] { config.section(key); }, "m/config.json", key);
  }
}

/// One way to read a key.
struct Getter {
  const char* name;
  std::function<void(const Config&)> get;
  std::string wanted;
};

const std::vector<Getter> kGetters{
    {"integer", [](const Config& c) { c.integer("k"); }, "an integer of 64 bits"},
    {"integer or", [](const Config& c) { c.integer("k", 1); }, "an integer of 64 bits"},
    {"size", [](const Config& c) { c.size("k"); }, "an integer from 1 to 2147483647"},
    {"size or", [](const Config& c) { c.size("k", 1); }, "an integer from 1 to 2147483647"},
    {"count", [](const Config& c) { c.count("k"); }, "an integer from 1 to 4096"},
    {"count or", [](const Config& c) { c.count("k", 1); }, "an integer from 1 to 4096"},
    {"number", [](const Config& c) { c.number("k"); }, "a number"},
    {"number or", [](const Config& c) { c.number("k", 1); }, "a number"},
    {"flag", [](const Config& c) { c.flag("k", true); }, "true or false"},
    {"text", [](const Config& c) { c.text("k"); }, "a string"},
    {"text or", [](const Config& c) { c.text("k", "x"); }, "a string"},
    {"numbers", [](const Config& c) { c.numbers("k"); }, "an array"},
    {"integers", [](const Config& c) { c.integers("k"); }, "an array"},
    {"texts", [](const Config& c) { c.texts("k"); }, "an array"},
    {"section", [](const Config& c) { c.section("k"); }, "an object"},
};

// Every getter against every kind of value that is not its own.
TEST(Config, RefusesValuesOfAnotherKind) {
  struct Value {
    const char* json;
    const char* described;
    std::vector<std::string> accepted_by;
  };
  const std::vector<Value> values{
      {"7",
       "the number 7",
       {"integer", "integer or", "size", "size or", "count", "count or", "number", "number or"}},
      {"4097",
       "the number 4097",
       {"integer", "integer or", "size", "size or", "number", "number or"}},
      {"-1", "the number -1", {"integer", "integer or", "number", "number or"}},
      {"0", "the number 0", {"integer", "integer or", "number", "number or"}},
      {"2147483648", "the number 2147483648", {"integer", "integer or", "number", "number or"}},
      {"9223372036854775808", "the number 9223372036854775808", {"number", "number or"}},
      {"1e30", "the number 1e+30", {"number", "number or"}},
      {"8.0", "the number 8.0", {"number", "number or"}},
      {"true", "the value true", {"flag"}},
      {"\"8\"", "the string \"8\"", {"text", "text or"}},
      {"[]", "an array", {"numbers", "integers", "texts"}},
      {"{}", "an object", {"section"}},
  };
  for (const Value& value : values) {
    const Config config = config_of(fmt::format(R"({{"k": {}}})", value.json));
    for (const Getter& getter : kGetters) {
      SCOPED_TRACE(fmt::format("{} of {}", getter.name, value.json));
      if (std::ranges::count(value.accepted_by, getter.name) > 0) {
        EXPECT_NO_THROW(getter.get(config));
      } else {
        expect_error(
            ErrorCode::input, [&] { getter.get(config); }, "m/config.json", "\"k\"",
            value.described, getter.wanted);
      }
    }
  }
}

TEST(Config, NamesTheElementThatIsOfAnotherKind) {
  const Config config = config_of(R"({"rope": {"factors": [1, "x"], "ids": [1, 2.5]}})");
  const Config rope = config.section("rope");
  expect_error(
      ErrorCode::input, [&] { rope.numbers("factors"); }, "\"rope.factors[1]\"",
      "the string \"x\"");
  expect_error(
      ErrorCode::input, [&] { rope.integers("ids"); }, "\"rope.ids[1]\"", "2.5");
}

TEST(Config, TellsWhichKeysNobodyRead) {
  const Config config = config_of(R"({
      "a": 1, "b": 2, "null": null, "closed": {"x": 1}, "open": {"x": 1, "y": {"z": 1}, "w": 2},
      "known": {"x": 1}, "a.dotted": 1, "open.x": 5})");
  EXPECT_TRUE(config.has("b"));
  EXPECT_EQ(config.integer("a"), 1);
  const Config open = Config(config).section("open");
  EXPECT_EQ(open.integer("x"), 1);
  EXPECT_EQ(open.section("y").where(), "m/config.json (open.y)");
  config.mark_read("known");
  config.mark_read("absent");
  EXPECT_THAT(config.unread_keys(),
              ElementsAre("b", "closed", "open.y.z", "open.w", "a.dotted", "open.x"));
  EXPECT_THAT(open.unread_keys(), ElementsAre("open.y.z", "open.w"));
}

TEST(Config, TellsWhereAnUnreadKeyStands) {
  const Config config = config_of(R"({"a": {"b": 3, "c": 4}})");
  config.section("a").integer("c");
  const std::vector<UnreadKey> unread = config.unread();
  ASSERT_EQ(unread.size(), 1U);
  EXPECT_EQ(unread[0].path, "a.b");
  EXPECT_EQ(unread[0].key, "b");
  EXPECT_EQ(*unread[0].value, 3);
  EXPECT_EQ(unread[0].section->at("c"), 4);
}

TEST(Config, GoesWithoutKeysThatAreLeftOut) {
  const Config config = config_of(R"({"a": 1, "b": {"c": 2, "d": 3}, "x.y": 4})");
  config.leave_out({"a", "b.c", "x.y"});
  EXPECT_FALSE(config.has("a"));
  EXPECT_EQ(config.section("b").unread_keys(), std::vector<std::string>{"b.d"});
  EXPECT_THAT(config.unread_keys(), ElementsAre("b.d"));
  expect_error(
      ErrorCode::usage,
      [&] {
        config.leave_out({"a", "b.e.f"});
      },
      "m/config.json", "\"a\"", "\"b.e.f\"", "--ignore_config_keys");
}

TEST(Config, FindsKeysUnderTheirOlderNames) {
  const Config config = config_of(R"({"n_embd": 8, "n_head": 2, "heads": 2, "n_layer": 3,
                                      "layers": 4})");
  const Config view = config.with_older_keys(
      {{"hidden_size", "n_embd"}, {"heads", "n_head"}, {"layers", "n_layer"}, {"absent", "gone"}});
  EXPECT_EQ(view.size("hidden_size"), 8);
  EXPECT_EQ(view.size("heads"), 2);
  EXPECT_EQ(view.size("layers"), 4);
  EXPECT_EQ(view.size("absent", 5), 5);
  EXPECT_EQ(view.with_defaults({{"hidden_size", 9}}).size("hidden_size"), 8);
  EXPECT_THAT(config.unread_keys(), ElementsAre("n_layer"));
}

TEST(Config, RefusesNumbersThatAreNotFinite) {
  const Config config = config_of(R"({"a": NaN, "b": [0.0, Infinity]})");
  expect_error(
      ErrorCode::input, [&] { config.number("a"); }, "\"a\"", "nan", "a finite number");
  expect_error(
      ErrorCode::input, [&] { config.numbers("b"); }, "\"b[1]\"", "inf", "a finite number");
}

TEST(Config, CountsAKeyAsReadAlsoWhereItIsRefused) {
  const Config config = config_of(R"({"a": "x"})");
  EXPECT_ANY_THROW(config.integer("a"));
  EXPECT_THAT(config.unread_keys(), IsEmpty());
}

TEST(Config, RefusesNumbersOfWhichNoModelCanBeMade) {
  for (const char* value : {"0", "-1", "1e308"}) {
    for (const char* key : {"rope_theta", "rope_local_base_freq", "rotary_emb_base"}) {
      const Config config = config_of(fmt::format(R"({{"{}": {}}})", key, value));
      expect_error(
          ErrorCode::input, [&] { config.number(key); }, key, "a positive number");
    }
  }
  for (const char* value : {"-1", "-1e-9", "2"}) {
    for (const char* key : {"rms_norm_eps", "norm_eps", "layer_norm_epsilon"}) {
      const Config config = config_of(fmt::format(R"({{"{}": {}}})", key, value));
      expect_error(
          ErrorCode::input, [&] { config.number(key); }, key, "a number from 0 to 1");
    }
  }
  EXPECT_EQ(config_of(R"({"rope_theta": 1e11})").number("rope_theta"), 1e11);
  EXPECT_EQ(config_of(R"({"rms_norm_eps": 0})").number("rms_norm_eps"), 0);
}

TEST(Config, IsAnObject) {
  expect_error(
      ErrorCode::input, [] { config_of("[]"); }, "m/config.json", "an array",
      "an object is needed");
}

TEST(Config, LoadsTheFileOfACheckpoint) {
  const TemporaryFolder folder;
  expect_error(
      ErrorCode::input, [&] { Config::load(folder.path()); }, folder.path().string(),
      "no config.json");
  write_text(folder / "config.json", "{\"hidden_size\": 1,}");
  expect_error(
      ErrorCode::input, [&] { Config::load(folder.path()); }, (folder / "config.json").string(),
      "line 1, column 19");
  std::filesystem::remove(folder / "config.json");
  write_text(folder / "config.json", "{\"hidden_size\": 64}");
  EXPECT_EQ(Config::load(folder.path()).size("hidden_size"), 64);
}

TEST(Config, RefusesAFileThatIsTooLarge) {
  const TemporaryFolder folder;
  write_text(folder / "config.json", "{\"a\": \"" + std::string(5 << 20, 'x') + "\"}");
  expect_error(
      ErrorCode::input, [&] { Config::load(folder.path()); }, "config.json", "4194304");
}

TEST(Config, DefaultsStandInForAbsentKeysButNotForNull) {
  const Config config(Json{{"a", 1}, {"gone", nullptr}}, "config.json");
  const Config view =
      config.with_defaults({{"a", 2}, {"b", 3}, {"gone", 4}, {"c", Defaults{{"d", 5}}}});
  EXPECT_EQ(view.integer("a"), 1);
  EXPECT_EQ(view.integer("b"), 3);
  EXPECT_FALSE(view.has("gone"));
  EXPECT_EQ(view.section("c").integer("d"), 5);
  EXPECT_EQ(view.with_defaults({{"b", 6}, {"e", 7}}).integer("b"), 3);
  EXPECT_EQ(view.with_defaults({{"b", 6}, {"e", 7}}).integer("e"), 7);
  EXPECT_THAT(config.unread_keys(), IsEmpty());
}

}  // namespace
}  // namespace ovbake
