#include "base/text.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace ovbake {
namespace {

TEST(Escape, KeepsPrintableUtf8) {
  EXPECT_EQ(escape("model.layers.0 é 語 😀"), "model.layers.0 é 語 😀");
}

TEST(Escape, ShowsWhatATerminalWouldObey) {
  EXPECT_EQ(escape("a\nb\x1b[2J\x7f"), R"(a\x0ab\x1b[2J\x7f)");
  EXPECT_EQ(escape(std::string_view("\0", 1)), R"(\x00)");
  EXPECT_EQ(escape("\xc2\x9b"), R"(\xc2\x9b)");  // CSI as one C1 control character
}

TEST(Escape, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(escape("\xff\xc0\x80"), R"(\xff\xc0\x80)");
  EXPECT_EQ(escape("\xed\xa0\x80"), R"(\xed\xa0\x80)");
  EXPECT_EQ(escape("\xf4\x90\x80\x80"), R"(\xf4\x90\x80\x80)");
  EXPECT_EQ(escape("\xe8\xaa"), R"(\xe8\xaa)");
}

TEST(Escape, CutsWhatIsLong) {
  EXPECT_EQ(escape(std::string(160, 'x')), std::string(160, 'x'));
  EXPECT_EQ(escape(std::string(161, 'x')), std::string(160, 'x') + "…");
}

TEST(Printable, KeepsLengthAndLines) {
  EXPECT_EQ(printable("a\nb\x1b[2J"), "a\nb\\x1b[2J");
  EXPECT_EQ(printable(std::string(1000, 'x')), std::string(1000, 'x'));
}

TEST(JoinSome, NamesTenAndCountsTheRest) {
  EXPECT_EQ(join_some({}), "");
  std::vector<std::string> items{"a", "b"};
  EXPECT_EQ(join_some(items), "a; b");
  items.resize(10, "c");
  EXPECT_EQ(join_some(items), "a; b; c; c; c; c; c; c; c; c");
  items.resize(12, "d");
  EXPECT_EQ(join_some(items), "a; b; c; c; c; c; c; c; c; c; and 2 more");
}

}  // namespace
}  // namespace ovbake
