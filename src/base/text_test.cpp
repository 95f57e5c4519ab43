#include "base/text.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/system_error.hpp"

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

TEST(Escape, ShowsWhatTurnsOrEndsALine) {
  EXPECT_EQ(escape("a\u202eb"), R"(a\xe2\x80\xaeb)");
  EXPECT_EQ(escape("a\u2028b"), R"(a\xe2\x80\xa8b)");
  EXPECT_EQ(escape("\u2066"), R"(\xe2\x81\xa6)");
}

TEST(Printable, IsOneLineWithItsBeginningAndItsEnd) {
  EXPECT_EQ(printable("a\nb\x1b[2J"), R"(a\x0ab\x1b[2J)");
  EXPECT_EQ(printable(std::string(1000, 'x')), std::string(1000, 'x'));
  const std::string cut = printable("begin" + std::string(5000, 'x') + "end");
  EXPECT_LT(cut.size(), 1700U);
  EXPECT_TRUE(cut.starts_with("beginxx") && cut.ends_with("xxend")) << cut;
  std::string wide;
  while (wide.size() < 5000) wide += "語";
  EXPECT_EQ(printable(printable(wide)), printable(wide)) << "a character was cut in two";
}

TEST(PrintableLines, FillNoScreen) {
  EXPECT_EQ(printable_lines("a:\n  - b\x1b\n  - c"), "a:\n  - b\\x1b\n  - c");
  std::string many = "faults:";
  for (int i = 0; i < 500; ++i) many += "\n  - a fault";
  const std::string shown = printable_lines(many);
  EXPECT_LE(std::count(shown.begin(), shown.end(), '\n'), 24);
  EXPECT_NE(shown.find("lines more"), shown.npos);
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
