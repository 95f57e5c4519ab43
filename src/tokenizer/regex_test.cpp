#include "tokenizer/regex.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ovbake/error.hpp>

namespace ovbake {
namespace {

using testing::HasSubstr;

std::string message(std::string_view pattern) {
  try {
    return "no error, but " + to_pcre2(pattern);
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(ToPcre2, KeepsWhatBothReadAlike) {
  EXPECT_EQ(to_pcre2(R"('s|'t| ?\p{L}+|(?i:'re)|a{2}|x++)"), R"('s|'t| ?\p{L}+|(?i:'re)|a{2}|x++)");
}

// Mongolian vowel separator: white space to PCRE2, none to Oniguruma.
TEST(ToPcre2, WritesWhiteSpaceOut) {
  const std::string members(kWhitespaceMembers);
  EXPECT_EQ(to_pcre2(R"(\s+)"), "[" + members + "]+");
  EXPECT_THAT(to_pcre2(R"([^\s\p{L}])"),
              testing::AllOf(HasSubstr("[^" + members), HasSubstr("\\p{L}")));
}

TEST(ToPcre2, IntervalWithPlusIsNotPossessiveInRuby) {
  EXPECT_EQ(to_pcre2(R"(\p{N}{1,3}+)"), R"((?:\p{N}{1,3})+)");
  EXPECT_EQ(to_pcre2(R"((?:ab){2}?)"), R"((?:(?:ab){2})?)");
  EXPECT_EQ(to_pcre2("a{,3}"), "a{0,3}");
}

// BLOOM's pattern: PCRE2 would end the class at the first bracket.
TEST(ToPcre2, ClassesWithinClassesJoin) {
  EXPECT_EQ(to_pcre2("[^(a|[.,])]"), R"([^\x{28}\x{61}\x{7C}\x{29}\x{2E}\x{2C}])");
}

TEST(ToPcre2, IntersectionLooksAhead) {
  EXPECT_EQ(to_pcre2("[a-f&&[^c]]"), R"((?:(?=[\x{61}-\x{66}])[^\x{63}]))");
}

TEST(ToPcre2, LinesBeginAndEndAtNewlinesInRuby) { EXPECT_EQ(to_pcre2("^a$"), "(?m:^)a(?m:$)"); }

TEST(ToPcre2, RefusesWhatHasNoEquivalent) {
  EXPECT_THAT(message("(?~abc)"), HasSubstr("group of unknown kind"));
  EXPECT_THAT(message("[abc"), HasSubstr("not closed"));
  EXPECT_THAT(message("a)"), HasSubstr("never opened"));
  EXPECT_THAT(message(R"(\y)"), HasSubstr("no equivalent"));
  EXPECT_THAT(message("(a"), HasSubstr("cannot be run by PCRE2"));
}

TEST(LiteralReplacement, KeepsDollarsAndRefusesGroups) {
  EXPECT_EQ(literal_replacement("a$1"), "a$$1");
  EXPECT_THROW(literal_replacement(R"(\1)"), Error);
}

}  // namespace
}  // namespace ovbake
