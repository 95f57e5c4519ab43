#include "base/json.hpp"

#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "base/file.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

namespace ovbake {
namespace {

void expect_refused(std::string_view text, std::string_view reason) {
  SCOPED_TRACE(text.substr(0, 60));
  expect_error(
      ErrorCode::input, [&] { parse_json(text, "a/b.json"); }, "a/b.json", reason);
}

TEST(Json, ReadsEveryKindOfValueInOrder) {
  const Json json = parse_json(
      R"({"z": [1, -2, 3.5e2, "é\u00e9", true, null], "a": {"n": {}}, "m": 18446744073709551615})",
      "file");
  EXPECT_EQ(json.dump(),
            R"({"z":[1,-2,350.0,"éé",true,null],"a":{"n":{}},"m":18446744073709551615})");
}

TEST(Json, ReadsScalarsAndBlanks) {
  EXPECT_EQ(parse_json(" \n\t\r7 \n", "file"), Json(7));
  EXPECT_EQ(parse_json("\"\"", "file"), Json(""));
}

// Python's json.dumps([math.inf, -math.inf, math.nan]) is [Infinity, -Infinity, NaN].
TEST(Json, ReadsNumbersThatPythonWritesWithoutDigits) {
  const Json json = parse_json(
      R"({"a": [Infinity, -Infinity,NaN], "b": "Infinity \" NaN", "NaN": -1, "c": Infinity})",
      "file");
  EXPECT_EQ(json["a"][0], std::numeric_limits<double>::infinity());
  EXPECT_EQ(json["a"][1], -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(json["a"][2].get<double>()));
  EXPECT_EQ(json["b"], "Infinity \" NaN");
  EXPECT_EQ(json["NaN"], -1);
  EXPECT_EQ(json["c"], std::numeric_limits<double>::infinity());
  EXPECT_EQ(parse_json("-Infinity", "file"), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(parse_json("[\"\", \"\"]", "file"), Json({"", ""}));
  expect_refused("{NaN: 1}", "a number stands for a key");
  for (const char* text :
       {"[1NaN]", "[NaNNaN]", "[Infinity", "[--Infinity]", "[NaN1]", "[falseNaN]"}) {
    expect_refused(text, "not valid JSON");
  }
}

TEST(Json, RefusesMalformedTextSayingWhere) {
  expect_refused("", "line 1");
  expect_refused("{\n\"a\": 1,\n}", "line 3, column 1");
  expect_refused("{} {}", "line 1, column 4");
  expect_refused("[1, 2", "line 1");
  expect_refused("{'a': 1}", "column 2");
  expect_refused("[Nan]", "column 2");
  expect_refused("[+Infinity]", "column 2");
  expect_refused("[01]", "column 3");
  expect_refused("[1e999]", "1e999");
  expect_refused("// comment\n{}", "column 1");
}

TEST(Json, RefusesBytesThatAreNoUtf8) {
  expect_refused("\"\xff\"", "UTF-8");
  expect_refused("\"\xc0\x80\"", "UTF-8");
  expect_refused("\"\xed\xa0\x80\"", "UTF-8");
  expect_refused(R"("\ud800")", "surrogate");
}

// The library stops at a NUL and would accept whatever follows it.
TEST(Json, RefusesNul) {
  expect_refused(std::string_view("{}\0{}", 5), "byte 2 of it is a NUL");
  expect_refused(std::string_view("\"\0\"", 3), "NUL");
  expect_refused(std::string_view("{}\0", 3), "NUL");
}

TEST(Json, RefusesDuplicateKeysOfOneObjectOnly) {
  expect_refused(R"({"a": 1, "b": 2, "a": 1})", "\"a\" twice");
  expect_refused(R"({"x": [{"k": 1, "\u006b": 2}]})", "\"k\" twice");
  EXPECT_NO_THROW(parse_json(R"({"a": {"a": 1}, "b": {"a": 1}})", "file"));
}

TEST(Json, RefusesDeepNesting) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_NO_THROW(parse_json(nested(64), "file"));
  expect_refused(nested(65), "deeper than 64");
  expect_refused(std::string(10'000'000, '['), "deeper than 64");
  std::string objects;
  for (int i = 0; i < 65; ++i) objects += R"({"a":)";
  expect_refused(objects, "deeper than 64");
}

TEST(Json, EscapesWhatItQuotes) {
  expect_refused("{\"\\u001b[2J\": 1, \"\\u001b[2J\": 2}", R"("\x1b[2J" twice)");
  const std::string key(100'000, 'k');
  const Thrown thrown =
      error_of([&] { parse_json("{\"" + key + "\": 1, \"" + key + "\": 2}", "file"); });
  EXPECT_LT(thrown.message.size(), 400U);
}

TEST(Json, TakesLinearTimeForALargeObject) {
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  text.back() = '}';
  EXPECT_EQ(parse_json(text, "file").size(), 200'000U);
}

TEST(ReadJson, NamesTheFileAndKeepsTheLimit) {
  const TemporaryFolder folder;
  write_text(folder / "x.json", "[1, 2]");
  EXPECT_EQ(read_json(folder / "x.json"), Json({1, 2}));
  expect_error(
      ErrorCode::input, [&] { read_json(folder / "x.json", 5); }, "x.json", "6 bytes");
  expect_error(
      ErrorCode::input, [&] { read_json(folder / "y.json"); }, "y.json", "No such file");
}

class ForEachMember : public testing::Test {
 protected:
  /// The members of `text`, which lies between other bytes of the file.
  std::vector<std::string> members(const std::string& text) {
    const std::filesystem::path path = folder_ / ("f" + std::to_string(files_++));
    write_text(path, "}}}" + text + "{{{");
    std::vector<std::string> members;
    for_each_member(File::open(path), 3, text.size(), [&](std::string&& key, Json&& value) {
      members.push_back(key + "=" + value.dump());
    });
    return members;
  }

  TemporaryFolder folder_;
  int files_ = 0;
};

TEST_F(ForEachMember, HandsThemOverInOrder) {
  EXPECT_THAT(members(R"({"b": {"x": [1, {"y": 2}]}, "a": [[]], "c": "s", "d": null})"),
              testing::ElementsAre(R"(b={"x":[1,{"y":2}]})", "a=[[]]", R"(c="s")", "d=null"));
  EXPECT_THAT(members("{}   "), testing::IsEmpty());
}

TEST_F(ForEachMember, ReadsTextsOfManyPieces) {
  std::string text = "{";
  for (int i = 0; i < 20'000; ++i)
    text += "\"k" + std::to_string(i) + "\": [" + std::to_string(i) + "],";
  text.back() = '}';
  const std::vector<std::string> all = members(text);
  ASSERT_EQ(all.size(), 20'000U);
  EXPECT_EQ(all[12'345], "k12345=[12345]");
}

TEST_F(ForEachMember, RefusesWhatIsNoObject) {
  expect_error(
      ErrorCode::input, [&] { members("[1, 2]"); }, "no object");
  expect_error(
      ErrorCode::input, [&] { members("7"); }, "no object");
  expect_error(
      ErrorCode::input, [&] { members(""); }, "not valid JSON");
  expect_error(
      ErrorCode::input, [&] { members(R"({"a": 1, "b": 2, "a": 3})"); }, "\"a\" twice");
  expect_error(
      ErrorCode::input, [&] { members(R"({"a": 1)"); }, "not valid JSON");
}

TEST_F(ForEachMember, RefusesAMemberTooLargeToHold) {
  const std::string four_megabytes(4 << 20, 'x');
  expect_error(
      ErrorCode::input, [&] { members("{\"a\": \"" + four_megabytes + "\"}"); },
      "member of more than 4194304 bytes");
  expect_error(
      ErrorCode::input, [&] { members("[" + four_megabytes); }, "not valid JSON");
  const std::string half(2 << 20, 'x');
  EXPECT_EQ(
      members("{\"a\": \"" + half + "\", \"b\": \"" + half + "\", \"c\": \"" + half + "\"}").size(),
      3U);
}

}  // namespace
}  // namespace ovbake
