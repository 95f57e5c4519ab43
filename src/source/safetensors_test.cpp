#include "source/safetensors.hpp"

#include <gmock/gmock.h>
#include <spdlog/fmt/fmt.h>

#include "base/file.hpp"
#include "support/error_of.hpp"
#include "support/safetensors.hpp"
#include "support/temporary_folder.hpp"

namespace ovbake {
namespace {

class Safetensors : public testing::Test {
 protected:
  std::vector<StoredTensor> read(std::string_view content) {
    const std::filesystem::path path = folder_ / ("f" + std::to_string(files_++));
    write_text(path, content);
    return read_safetensors_header(File::open(path));
  }

  template <typename... Reasons>
  void expect_refused(std::string_view content, const Reasons&... reasons) {
    SCOPED_TRACE(content.substr(0, 200));
    expect_error(
        ErrorCode::input, [&] { read(content); }, folder_.path().string(), reasons...);
  }

  /// A file with one tensor of this entry and eight bytes of data.
  template <typename... Reasons>
  void expect_entry_refused(std::string_view entry, const Reasons&... reasons) {
    expect_refused(safetensors(fmt::format(R"({{"t": {}}})", entry), 8), "\"t\"", reasons...);
  }

  TemporaryFolder folder_;
  int files_ = 0;
};

TEST_F(Safetensors, ListsTensorsInTheOrderOfTheirBytes) {
  const std::string header = R"({
      "__metadata__": {"format": "pt"},
      "b": {"dtype": "BF16", "shape": [2, 3], "data_offsets": [4, 16]},
      "a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]},
      "empty": {"data_offsets": [16, 16], "shape": [0, 7], "dtype": "I64"}}   )";
  const std::vector<StoredTensor> tensors = read(safetensors(header, 16));
  ASSERT_EQ(tensors.size(), 3U);
  EXPECT_EQ(tensors[0].name, "a");
  EXPECT_EQ(tensors[0].dtype, "F32");
  EXPECT_EQ(tensors[0].shape, Shape{});
  EXPECT_EQ(tensors[0].offset, 8 + header.size());
  EXPECT_EQ(tensors[0].bytes, 4U);
  EXPECT_EQ(tensors[1].name, "b");
  EXPECT_EQ(tensors[1].shape, (Shape{2, 3}));
  EXPECT_EQ(tensors[1].offset, 8 + header.size() + 4);
  EXPECT_EQ(tensors[1].bytes, 12U);
  EXPECT_EQ(tensors[2].name, "empty");
  EXPECT_EQ(tensors[2].bytes, 0U);
}

TEST_F(Safetensors, MayBeEmpty) {
  EXPECT_TRUE(read(safetensors("{}", 0)).empty());
  EXPECT_TRUE(read(safetensors(R"({"__metadata__": {}})", 0)).empty());
}

// The names and widths of safetensors 0.8.
TEST_F(Safetensors, KnowsEveryDtypeOfTheFormat) {
  const std::vector<std::pair<std::string, int>> bytes_of_eight{
      {"BOOL", 8},        {"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"U8", 8},
      {"I8", 8},          {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8},
      {"F8_E5M2FNUZ", 8}, {"I16", 16},    {"U16", 16},    {"F16", 16},    {"BF16", 16},
      {"I32", 32},        {"U32", 32},    {"F32", 32},    {"C64", 64},    {"F64", 64},
      {"I64", 64},        {"U64", 64}};
  for (const auto& [dtype, bytes] : bytes_of_eight) {
    const std::string header = fmt::format(
        R"({{"t": {{"dtype": "{}", "shape": [2, 4], "data_offsets": [0, {}]}}}})", dtype, bytes);
    EXPECT_EQ(read(safetensors(header, static_cast<std::size_t>(bytes))).at(0).dtype, dtype);
  }
}

TEST_F(Safetensors, RefusesALengthThatTheFileDoesNotHave) {
  expect_refused("", "0 bytes, too few");
  expect_refused("1234567", "7 bytes, too few");
  expect_refused(little_endian(2), "truncated", "2 bytes");
  expect_refused(little_endian(3) + "{}", "truncated");
  expect_refused(little_endian(100'000'001) + "{}", "100000001 bytes", "at most 100000000");
  expect_refused(little_endian(~0ULL) + "{}", "18446744073709551615 bytes");
  expect_refused(little_endian(0), "not valid JSON");
}

TEST_F(Safetensors, RefusesAHeaderThatIsNoObject) {
  expect_refused(safetensors("[]", 0), "no object");
  expect_refused(safetensors("{", 0), "not valid JSON");
  expect_refused(safetensors("{} x", 0), "not valid JSON");
  expect_refused(safetensors(std::string_view("{}\0", 3), 0), "NUL");
  expect_refused(safetensors("{\"\xff\": 1}", 0), "UTF-8");
  expect_refused(safetensors(R"({"t": )" + std::string(100, '['), 0), "deeper");
  expect_refused("GGUF and more bytes", "of another format");
}

TEST_F(Safetensors, RefusesNamesThatStandTwice) {
  const std::string entry = R"({"dtype": "U8", "shape": [4], "data_offsets": [0, 4]})";
  expect_refused(safetensors(fmt::format(R"({{"t": {0}, "t": {0}}})", entry), 4), "\"t\" twice");
  expect_refused(safetensors(fmt::format(R"({{"t": {0}, "\u0074": {0}}})", entry), 4),
                 "\"t\" twice");
}

TEST_F(Safetensors, RefusesMetadataThatIsNotText) {
  expect_refused(safetensors(R"({"__metadata__": "x"})", 0), "__metadata__", "no object");
  expect_refused(safetensors(R"({"__metadata__": {"k": 1}})", 0), "__metadata__",
                 "no string for \"k\"");
  expect_refused(safetensors(R"({"__metadata__": {"k": {}}})", 0), "no string for \"k\"");
}

TEST_F(Safetensors, RefusesEntriesThatAreMalformed) {
  expect_entry_refused("1", "no object");
  expect_entry_refused("[]", "no object");
  expect_entry_refused("{}", "dtype");
  expect_entry_refused(R"({"dtype": "U8", "shape": [8], "data_offsets": [0, 8], "x": 1})",
                       "unknown field \"x\"");
  expect_entry_refused(R"({"dtype": "FP8", "shape": [8], "data_offsets": [0, 8]})",
                       "dtype \"FP8\"");
  expect_entry_refused(R"({"dtype": "u8", "shape": [8], "data_offsets": [0, 8]})", "dtype \"u8\"");
  expect_entry_refused(R"({"dtype": 8, "shape": [8], "data_offsets": [0, 8]})", "dtype \"8\"");
  expect_entry_refused(R"({"shape": [8], "data_offsets": [0, 8]})", "dtype");
}

TEST_F(Safetensors, RefusesShapesThatAreNone) {
  for (const char* shape : {"8", "null", "\"8\"", "{}", "[-8]", "[8.0]", "[\"8\"]", "[[8]]",
                            "[null]", "[9223372036854775808]", "[18446744073709551616]"}) {
    expect_entry_refused(
        fmt::format(R"({{"dtype": "U8", "shape": {}, "data_offsets": [0, 8]}})", shape), "shape");
  }
  expect_entry_refused(R"({"dtype": "U8", "data_offsets": [0, 8]})", "shape");
  std::string ones = "1";
  for (int i = 0; i < 64; ++i) ones += ",1";
  expect_entry_refused(
      fmt::format(R"({{"dtype": "F64", "shape": [{}], "data_offsets": [0, 8]}})", ones),
      "at most 64");
}

TEST_F(Safetensors, RefusesOffsetsThatAreNone) {
  for (const char* offsets : {"8", "[]", "[0]", "[0, 8, 8]", "[8, 0]", "[0, 8.0]", "[-8, 0]",
                              "[0, \"8\"]", "null", "[0, 18446744073709551616]"}) {
    expect_entry_refused(
        fmt::format(R"({{"dtype": "U8", "shape": [8], "data_offsets": {}}})", offsets),
        "data_offsets");
  }
  expect_entry_refused(R"({"dtype": "U8", "shape": [8]})", "data_offsets");
}

TEST_F(Safetensors, RefusesBytesThatShapeAndDtypeDoNotNeed) {
  expect_entry_refused(R"({"dtype": "U8", "shape": [7], "data_offsets": [0, 8]})", "has 8 bytes",
                       "U8", "[7]");
  expect_entry_refused(R"({"dtype": "F16", "shape": [8], "data_offsets": [0, 8]})", "F16", "[8]");
  expect_entry_refused(R"({"dtype": "U8", "shape": [0], "data_offsets": [0, 8]})", "has 8 bytes");
  expect_entry_refused(R"({"dtype": "F4", "shape": [15], "data_offsets": [0, 8]})", "F4", "[15]");
  expect_entry_refused(R"({"dtype": "F6_E2M3", "shape": [5], "data_offsets": [0, 4]})", "F6_E2M3");
}

// 2^64 + 8 bytes are 8 where the product wraps.
TEST_F(Safetensors, RefusesProductsThatOverflow) {
  expect_entry_refused(
      R"({"dtype": "U8", "shape": [4294967296, 4294967296], "data_offsets": [0, 0]})",
      "has 0 bytes");
  expect_entry_refused(R"({"dtype": "U8", "shape": [2305843009213693953], "data_offsets": [0, 1]})",
                       "has 1 bytes");
  expect_entry_refused(
      R"({"dtype": "U64", "shape": [2305843009213693953], "data_offsets": [0, 8]})", "has 8 bytes");
  expect_entry_refused(
      R"({"dtype": "U8", "shape": [9223372036854775807, 9223372036854775807, 0], "data_offsets": [0, 0]})",
      "has 0 bytes");
}

TEST_F(Safetensors, RefusesTensorsThatLeaveTheFile) {
  expect_entry_refused(R"({"dtype": "U8", "shape": [9], "data_offsets": [0, 9]})", "byte 9",
                       "has 8");
  expect_entry_refused(
      R"({"dtype": "U8", "shape": [8], "data_offsets": [9223372036854775799, 9223372036854775807]})",
      "byte 9223372036854775807");
}

TEST_F(Safetensors, RefusesOverlapsGapsAndRemains) {
  const auto two = [](int begin, int end, int begin2, int end2) {
    return fmt::format(R"({{"a": {{"dtype": "U8", "shape": [{}], "data_offsets": [{}, {}]}},
                           "b": {{"dtype": "U8", "shape": [{}], "data_offsets": [{}, {}]}}}})",
                       end - begin, begin, end, end2 - begin2, begin2, end2);
  };
  EXPECT_EQ(read(safetensors(two(0, 4, 4, 8), 8)).size(), 2U);
  EXPECT_EQ(read(safetensors(two(4, 8, 0, 4), 8)).size(), 2U);
  expect_refused(safetensors(two(0, 4, 3, 8), 8), "damaged", "\"b\"");
  expect_refused(safetensors(two(0, 4, 5, 8), 8), "damaged", "\"b\"");
  expect_refused(safetensors(two(0, 4, 0, 4), 4), "damaged");
  expect_refused(safetensors(two(0, 8, 2, 4), 8), "damaged", "\"b\"");
  expect_refused(safetensors(two(1, 4, 4, 8), 8), "damaged", "\"a\"", "the header");
  expect_refused(safetensors(two(0, 4, 4, 8), 9), "damaged", "the file has");
  expect_refused(safetensors("{}", 1), "damaged");
  expect_refused(safetensors(two(0, 8, 4, 4), 8), "damaged");
}

TEST_F(Safetensors, CutsTheNamesThatItRepeats) {
  const std::string name(50'000, 'x');
  const Thrown thrown = error_of([&] { read(safetensors("{\"" + name + "\": 1}", 0)); });
  EXPECT_LT(thrown.message.size(), 500U);
}

TEST_F(Safetensors, RefusesMoreTensorsThanAModelHas) {
  std::string header = "{";
  for (int i = 0; i <= 1 << 18; ++i) {
    header += fmt::format(R"("{}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}},)", i);
  }
  header.back() = '}';
  expect_refused(safetensors(header, 0), "\"262144\"", "too many");
}

}  // namespace
}  // namespace ovbake
