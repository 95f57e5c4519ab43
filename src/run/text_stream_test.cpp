#include "run/text_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ovbake {
namespace {

using ::testing::ElementsAre;

const std::string kBroken = "\xEF\xBF\xBD";

/// Tokens are bytes, 256 and more are words. What is no whole UTF-8 sequence becomes one U+FFFD,
/// and a space at the start of a text is dropped, as detokenizers do.
std::string decode(std::span<const std::int64_t> tokens) {
  static const std::vector<std::string> words{" Hello", " world", "\xC3\xA9t\xC3\xA9"};
  std::string bytes;
  for (const std::int64_t token : tokens) {
    bytes += token < 256 ? std::string(1, static_cast<char>(token))
                         : words.at(static_cast<std::size_t>(token - 256));
  }
  if (bytes.starts_with(' ')) bytes.erase(0, 1);
  std::string text;
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::size_t there = 1;
    while (there < length && i + there < bytes.size() && (bytes[i + there] & 0xC0) == 0x80) ++there;
    const bool whole = there == length && (lead < 0x80 || lead >= 0xC2);
    text += whole ? bytes.substr(i, length) : kBroken;
    i += there;
  }
  return text;
}

std::vector<std::string> stream(const std::vector<std::int64_t>& tokens) {
  TextStream text(decode);
  std::vector<std::string> parts;
  for (const std::int64_t token : tokens) parts.push_back(text.push(token));
  parts.push_back(text.finish());
  return parts;
}

TEST(TextStream, KeepsTheSpacesBetweenWords) {
  EXPECT_THAT(stream({256, 257, 257}), ElementsAre("Hello", " world", " world", ""));
}

TEST(TextStream, WaitsForTheRestOfACharacter) {
  EXPECT_THAT(stream({256, 0xF0, 0x9F, 0x8C, 0x8D, '!'}),
              ElementsAre("Hello", "", "", "", "\xF0\x9F\x8C\x8D", "!", ""));
}

TEST(TextStream, ShowsWhatStaysBrokenAtTheEnd) {
  EXPECT_THAT(stream({'a', 0xE2, 0x82}), ElementsAre("a", "", "", kBroken));
}

TEST(TextStream, GoesOnAfterABrokenCharacter) {
  EXPECT_THAT(stream({'a', 0xE2, 'b', 257}), ElementsAre("a", "", kBroken + "b", " world", ""));
}

TEST(TextStream, TakesCharactersOfSeveralBytesInOneToken) {
  EXPECT_THAT(stream({258, 258}), ElementsAre("\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9", ""));
}

TEST(TextStream, HasNothingToFinishWithoutTokens) { EXPECT_THAT(stream({}), ElementsAre("")); }

}  // namespace
}  // namespace ovbake
