#include "jinja/chat_template.hpp"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include <ovbake/error.hpp>

#include "base/file.hpp"
#include "base/json.hpp"
#include "support/data.hpp"
#include "support/error_of.hpp"

namespace ovbake {
namespace {

const Json& recorded() {
  static const Json json = read_json(test_data("chat_templates.json"));
  return json;
}

/// What is rendered, or nothing where that is refused.
std::optional<std::string> render(const std::string& source, const Json& variables) {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  try {
    return ChatTemplate(source, "template").render(variables, recorded()["now"]);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::input);
    return std::nullopt;
  }
}

/// What transformers made of the same, as tests/record/chat_templates.py recorded it.
std::optional<std::string> expected(const Json& outcome) {
  return outcome.contains("text") ? std::optional(outcome["text"].get<std::string>())
                                  : std::nullopt;
}

TEST(ChatTemplate, EveryFeatureEqualsTransformers) {
  ASSERT_GT(recorded()["features"].size(), 180U);
  for (const Json& feature : recorded()["features"]) {
    EXPECT_EQ(render(feature["template"], feature["variables"]), expected(feature))
        << feature["name"];
  }
}

TEST(ChatTemplate, EveryConversationEqualsTransformers) {
  ASSERT_GT(recorded()["rendered"].size(), 180U);
  for (const Json& outcome : recorded()["rendered"]) {
    const std::string file = outcome["template"];
    Json variables = recorded()["conversations"][outcome["conversation"].get<std::string>()];
    variables["add_generation_prompt"] = outcome["add_generation_prompt"];
    const std::string source = read_text(test_data("chat_templates/" + file), 1 << 20);
    EXPECT_EQ(render(source, variables), expected(outcome))
        << file << ": " << outcome["conversation"];
  }
}

void expect_refused(const std::string& source, std::string_view what, std::string_view line = "1") {
  expect_error(
      ErrorCode::input, [&] { ChatTemplate(source, "genai/x.jinja").render(Json::object()); },
      fmt::format("genai/x.jinja, line {}: ", line), std::string(what));
}

TEST(ChatTemplate, NamesTheLineThatIsWrong) {
  expect_refused("a\n{% if x %}\n{{ 1 + }}\n{% endif %}", "}} stands where a value is expected",
                 "3");
  expect_refused("a\n\n{% include 'x' %}", "the tag \"include\" is not supported", "3");
  expect_refused("a\n{% for x in [1] %}\n{{ x.y.z }}\n{% endfor %}", "\"y\" of a int", "3");
  expect_refused("{#\n\n#}{{ 'a\n' }}{{ 1 | nonsense }}", "the filter \"nonsense\"", "4");
  expect_refused("{{ 1 }}\n{{ 'a", "not closed with '", "2");
}

TEST(ChatTemplate, RefusesWhatItDoesNotSupport) {
  expect_refused("{% for x in [] recursive %}{% endfor %}", "recursive");
  expect_refused("{{ cycler('a') }}", "\"cycler\"");
  expect_refused("{% macro m() %}{{ caller() }}{% endmacro %}", "\"caller\"");
  expect_refused("{{ 'ab'.center(9) }}", "\"center\" of a str");
  expect_refused("{{ 'É' | lower }}", "letters beyond ASCII");
  expect_refused("{{ '%s' % 1 }}", "% cannot be applied");
  expect_refused("{{ range(3) }}", "prints a range");
  expect_refused("{{ '{:>3}'.format(1) }}", "format");
  expect_refused("{{ 9223372036854775807 + 1 }}", "does not fit 64 bits");
  expect_refused("{{ 9223372036854775808 }}", "too large");
  expect_refused(
      "{% for x in [1] %}{% macro m() %}{{ x }}{% endmacro %}{% set ns.m = m %}{% endfor %}", "ns");
  expect_refused(
      "{% set ns = namespace() %}{% for x in [1] %}{% macro m() %}{% endmacro %}"
      "{% set ns.m = m %}{% endfor %}{{ ns.m() }}",
      "after the end of the block");
  expect_refused("\xFF", "UTF-8");
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

TEST(ChatTemplate, EndsWhatWouldNotEnd) {
  const std::string loop = "{% for i in range(100000) %}";
  const std::string end = "{% endfor %}";
  expect_refused(loop + loop + end + end, "more text or takes more steps");
  expect_refused("{{ 'a' * 99999999999 }}", "more text");
  expect_refused("{{ [1] * 99999999999 }}", "more text");
  expect_refused("{{ range(99999999999) | list }}", "more text");
  expect_refused("{{ 'a' | indent(99999999999) }}", "more text");
  expect_refused("{{ ('a' * 9999999).replace('', 'a' * 9999999) }}", "more text");
  expect_refused("{{ ('a' * 9999999).count('a' * 999999 ~ 'b') }}", "more text");
  expect_refused("{% set ns = namespace(x='a') %}" + loop + "{% set ns.x = ns.x ~ ns.x %}" + end,
                 "more text");
  expect_refused("{% set ns = namespace(x=[]) %}" + loop + "{% set ns.x = [ns.x] %}" + end,
                 "nests a value deeper");
  expect_refused(
      "{% set ns = namespace(x=[]) %}{% for i in range(90) %}{% set ns.x = [ns.x, ns.x] %}" + end +
          "{{ ns.x }}",
      "more text");
  expect_refused(
      "{% set ns = namespace(x=[], y=[]) %}{% for i in range(90) %}{% set ns.x = [ns.x, ns.x] %}{% "
      "set ns.y = [ns.y, ns.y] %}" +
          end + "{{ ns.x == ns.y }}",
      "more text or takes more steps");
  expect_refused("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "nests too deeply");
  expect_refused("{{ 2 ** 9999999999 }}", "64 bits");
}

TEST(ChatTemplate, EndsWhatIsTooDeep) {
  constexpr std::size_t kTimes = 50000;
  const std::pair<std::string_view, std::string_view> around[] = {
      {"(", ")"}, {"[", "]"}, {"{'a': ", "}"}, {"not ", ""}, {"-", ""}, {"1 if 1 else ", ""}};
  for (const auto& [open, close] : around) {
    expect_refused("{{ " + repeated(open, kTimes) + "1" + repeated(close, kTimes) + " }}",
                   "deeper than");
  }
  for (const auto* after : {" + 1", " ** 1", ".a", "[0]", " | upper", "()", " or 1", " and 1"}) {
    expect_refused("{{ 1" + repeated(after, kTimes) + " }}", "deeper than");
  }
  expect_refused(repeated("{% if 1 %}", kTimes), "deeper than");
  expect_refused(repeated("a", 2 << 20), "more than 1048576 bytes");
}

TEST(ChatTemplate, FreesNamespacesThatHoldEachOther) {
  const std::string source =
      "{% set a = namespace() %}{% set b = namespace(a=a) %}{% set a.b = b %}{% set a.a = a %}x";
  EXPECT_EQ(render(source, Json::object()), "x");
}

TEST(ChatTemplate, CanRenderMoreThanOnce) {
  const ChatTemplate greeting("{% set n = n + 1 %}{{ n }}", "template");
  EXPECT_EQ(greeting.render({{"n", 1}}), "2");
  EXPECT_EQ(greeting.render({{"n", 5}}), "6");
}

}  // namespace
}  // namespace ovbake
