#include "tokenizer/protobuf.hpp"

#include <string>

#include <gtest/gtest.h>

#include <ovbake/error.hpp>

namespace ovbake {
namespace {

// Field 1 is "ab", field 2 the float 1.5, field 3 the integer 300.
const std::string kMessage(
    "\x0A\x02"
    "ab\x15\x00\x00\xC0\x3F\x18\xAC\x02",
    12);

int fields(std::string_view message) {
  int count = 0;
  for (ProtobufReader reader(message); reader.next();) ++count;
  return count;
}

TEST(ProtobufReader, ReadsEveryKindOfField) {
  ProtobufReader reader(kMessage);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.field(), 1u);
  EXPECT_EQ(reader.bytes(), "ab");
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.float32(), 1.5F);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.integer(), 300u);
  EXPECT_FALSE(reader.next());
}

TEST(ProtobufReader, RefusesAMessageThatBreaksOffWithinAField) {
  const std::string_view whole = kMessage;
  for (const std::size_t end : {1u, 2u, 3u, 5u, 8u, 10u, 11u}) {
    EXPECT_THROW(fields(whole.substr(0, end)), Error) << end;
  }
  EXPECT_EQ(fields(whole.substr(0, 9)), 2);
}

TEST(ProtobufReader, RefusesAValueOfAnotherKind) {
  ProtobufReader reader(kMessage);
  ASSERT_TRUE(reader.next());
  EXPECT_THROW(reader.integer(), Error);
  EXPECT_THROW(reader.float32(), Error);
}

TEST(ProtobufReader, RefusesLengthsBeyondTheMessageAndEndlessIntegers) {
  EXPECT_THROW(fields(std::string("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 11)), Error);
  EXPECT_THROW(fields(std::string(12, '\xFF')), Error);
}

}  // namespace
}  // namespace ovbake
