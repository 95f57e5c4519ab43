#include "source/gguf/gguf_file.hpp"

#include <gmock/gmock.h>
#include <spdlog/fmt/fmt.h>

#include "base/memory_bytes.hpp"
#include "support/error_of.hpp"
#include "support/gguf.hpp"

namespace ovbake {
namespace {

GgufFile read(const std::string& content) {
  return read_gguf_header(MemoryBytes("model.gguf", content));
}

template <typename... Reasons>
void expect_refused(const std::string& content, const Reasons&... reasons) {
  expect_error(
      ErrorCode::input, [&] { read(content); }, "model.gguf", reasons...);
}

/// A value of every kind, and three tensors out of order.
GgufWriter whole() {
  GgufWriter writer;
  writer.text("general.architecture", "llama");
  writer.integer("llama.block_count", 2);
  writer.number("llama.attention.layer_norm_rms_epsilon", 1e-5F);
  writer.key("flag", 7, std::string(1, '\1'));
  writer.key("small", 1, std::string(1, '\xfe'));
  writer.key("huge", 10, bytes_of<std::uint64_t>(~0ULL));
  writer.key("double", 12, bytes_of(0.1));
  writer.texts("tokens", {"a", "", "bc"});
  writer.key("kinds", 9,
             bytes_of<std::uint32_t>(5) + bytes_of<std::uint64_t>(2) + bytes_of<std::int32_t>(1) +
                 bytes_of<std::int32_t>(-3));
  writer.key("scores", 9,
             bytes_of<std::uint32_t>(6) + bytes_of<std::uint64_t>(1) + bytes_of(-0.1F));
  writer.tensor("second", {32, 3}, 2, 64);
  writer.tensor("first", {5}, 0, 0);
  writer.tensor("third", {2, 2, 2}, 30, 128);
  writer.data.resize(128 + 16);
  return writer;
}

TEST(GgufFile, ReadsMetadata) {
  const GgufFile file = read(whole().file());
  const GgufMetadata& metadata = file.metadata;
  EXPECT_EQ(metadata.text("general.architecture"), "llama");
  EXPECT_EQ(metadata.integer("llama.block_count"), 2);
  EXPECT_EQ(metadata.number("llama.attention.layer_norm_rms_epsilon"), 1e-5);
  EXPECT_TRUE(metadata.flag("flag", false));
  EXPECT_EQ(metadata.integer("small"), -2);
  EXPECT_EQ(metadata.number("huge"), 0x1p64);
  EXPECT_EQ(metadata.number("double"), 0.1);
  EXPECT_EQ(metadata.texts("tokens").size(), 3U);
  EXPECT_EQ(metadata.texts("tokens")[2], "bc");
  EXPECT_THAT(metadata.integers("kinds"), testing::ElementsAre(1, -3));
  EXPECT_THAT(metadata.numbers("scores"), testing::ElementsAre(-0.1));
  EXPECT_EQ(metadata.integer("absent", 7), 7);
  EXPECT_TRUE(metadata.unread_keys("llama.").empty());
}

TEST(GgufFile, ListsTensorsInTheOrderOfTheirBytes) {
  const std::string content = whole().file();
  const GgufFile file = read(content);
  ASSERT_EQ(file.tensors.size(), 3U);
  EXPECT_EQ(file.tensors[0].name, "first");
  EXPECT_EQ(file.tensors[0].bytes, 20U);
  EXPECT_EQ(file.tensors[1].name, "second");
  EXPECT_EQ(file.tensors[1].dtype, "Q4_0");
  EXPECT_EQ(file.tensors[1].shape, (Shape{3, 32}));
  EXPECT_EQ(file.tensors[1].bytes, 54U);
  EXPECT_EQ(file.tensors[2].shape, (Shape{2, 2, 2}));
  EXPECT_EQ(file.tensors[2].offset + 16, content.size());
}

TEST(GgufFile, RefusesEveryTruncation) {
  const std::string content = whole().file();
  for (std::size_t bytes = 0; bytes < content.size(); ++bytes) {
    SCOPED_TRACE(bytes);
    expect_refused(content.substr(0, bytes));
  }
}

TEST(GgufFile, RefusesOtherFormats) {
  expect_refused(std::string(100, 'x'), "no GGUF file", "xxxx");
  GgufWriter writer;
  for (const std::uint32_t version : {0U, 1U, 4U}) {
    writer.version = version;
    expect_refused(writer.file(), fmt::format("version {}", version));
  }
  writer.version = 3U << 24;
  expect_refused(writer.file(), "big-endian");
}

TEST(GgufFile, RefusesCountsThatMakeNoSense) {
  GgufWriter writer = whole();
  writer.tensors = ~0ULL;
  expect_refused(writer.file(), "18446744073709551615 tensors");
  writer = whole();
  writer.keys = 1 << 20;
  expect_refused(writer.file(), "1048576 keys");
  for (const std::uint32_t type : {0U, 4U, 6U, 8U, 12U}) {
    writer = {};
    writer.key("k", 9, bytes_of(type) + bytes_of<std::uint64_t>(1ULL << 61));
    expect_refused(writer.file(), "truncated");
  }
}

TEST(GgufFile, RefusesTextsThatMakeNoSense) {
  GgufWriter writer;
  writer.keys = 1;
  writer.metadata = bytes_of<std::uint64_t>(~0ULL);
  expect_refused(writer.file(), "18446744073709551615 bytes");
  writer.metadata = bytes_of<std::uint64_t>(60'000);
  expect_refused(writer.file(), "truncated");
}

TEST(GgufFile, RefusesTypesThatAreNone) {
  GgufWriter writer;
  writer.key("k", 13, "");
  expect_refused(writer.file() + std::string(32, '\0'), "\"k\"", "type 13");
  writer = {};
  writer.key("k", 9, bytes_of<std::uint32_t>(9) + bytes_of<std::uint64_t>(1));
  expect_refused(writer.file() + std::string(32, '\0'), "\"k\"", "type 9");
  writer = {};
  writer.tensor("t", {32}, 4, 0);
  expect_refused(writer.file() + std::string(64, '\0'), "\"t\"", "type 4");
}

TEST(GgufFile, RefusesWhatStandsTwice) {
  GgufWriter writer;
  writer.integer("k", 1);
  writer.integer("k", 1);
  expect_refused(writer.file(), "\"k\"", "twice");
  writer = {};
  writer.tensor("t", {8}, 0, 0);
  writer.tensor("t", {8}, 0, 32);
  writer.data.resize(64);
  expect_refused(writer.file(), "\"t\" twice");
}

TEST(GgufFile, RefusesShapesThatCannotBe) {
  const auto refuse = [](const std::vector<std::uint64_t>& dimensions, std::uint32_t type,
                         std::string_view reason) {
    GgufWriter writer;
    writer.tensor("t", dimensions, type, 0);
    writer.data.resize(1024);
    expect_refused(writer.file(), "\"t\"", reason);
  };
  refuse({1, 1, 1, 1, 1}, 0, "5 dimensions");
  refuse({8, 0}, 0, "0 for a dimension");
  refuse({1ULL << 62}, 0, "for a dimension");
  refuse({33}, 2, "[33]");
  refuse({1ULL << 39, 1ULL << 39}, 0, "cannot have");
}

TEST(GgufFile, RefusesOffsetsThatCannotBe) {
  const auto refuse = [](std::uint64_t first, std::uint64_t second, std::string_view reason) {
    GgufWriter writer;
    writer.tensor("a", {8}, 0, first);
    writer.tensor("b", {8}, 0, second);
    writer.data.resize(64);
    expect_refused(writer.file(), "damaged", reason);
  };
  refuse(0, 0, "\"b\"");
  refuse(0, 16, "\"b\"");
  refuse(0, 64, "\"b\"");
  refuse(32, 64, "\"a\"");
  refuse(0, ~31ULL, "\"b\"");
}

TEST(GgufFile, RefusesAlignmentsThatAreNone) {
  for (const std::uint32_t alignment : {0U, 1U, 24U, 1U << 30}) {
    GgufWriter writer;
    writer.integer("general.alignment", alignment);
    expect_refused(writer.file(), "general.alignment", fmt::format("is {}", alignment));
  }
}

TEST(GgufFile, NamesKeysThatAreMissingOrOfAnotherKind) {
  const GgufFile file = read(whole().file());
  const auto message = [&](const auto& get) {
    return error_of([&] { get(file.metadata); }).message;
  };
  EXPECT_THAT(message([](const auto& metadata) { metadata.text("absent"); }),
              testing::AllOf(testing::HasSubstr("model.gguf"), testing::HasSubstr("\"absent\"")));
  EXPECT_THAT(message([](const auto& metadata) { metadata.integer("tokens"); }),
              testing::AllOf(testing::HasSubstr("\"tokens\""), testing::HasSubstr("an integer")));
}

}  // namespace
}  // namespace ovbake
