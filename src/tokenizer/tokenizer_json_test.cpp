// Hostile and broken tokenizer.json files get one sentence, never a crash.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <ovbake/error.hpp>

#include "tokenizer/tokenizer.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A folder that goes with the object.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("ovbake_tokenizer_test_" + std::to_string(getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
};

std::string message_for(const std::string& tokenizer_json) {
  const Folder folder;
  std::ofstream(folder.path / "tokenizer.json") << tokenizer_json;
  try {
    convert_tokenizer(folder.path);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::input) << error.what();
    return error.what();
  }
  return "no error";
}

std::string with_model(const std::string& model, const std::string& more = "") {
  return R"({"pre_tokenizer": {"type": "ByteLevel"}, "decoder": {"type": "ByteLevel"}, )" + more +
         R"("model": )" + model + "}";
}

constexpr const char* kModel =
    R"({"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]})";

TEST(TokenizerJson, ConvertsASmallModel) { EXPECT_EQ(message_for(with_model(kModel)), "no error"); }

TEST(TokenizerJson, RefusesBrokenFiles) {
  EXPECT_THAT(message_for(""), HasSubstr("no tokenizer.json that can be read"));
  EXPECT_THAT(message_for("[]"), HasSubstr("no tokenizer.json that can be read"));
  EXPECT_THAT(message_for("{"), HasSubstr("no tokenizer.json that can be read"));
  EXPECT_THAT(message_for(R"({"model": 3})"), HasSubstr("no tokenizer.json that can be read"));
  EXPECT_THAT(message_for(with_model(R"({"type": "BPE", "vocab": {"a": "x"}, "merges": []})")),
              HasSubstr("no tokenizer.json that can be read"));
}

// Found by fuzzing: the parser's object must not be asked on after an error.
TEST(TokenizerJson, RefusesAModelThatBreaksWithinItsFields) {
  EXPECT_THAT(
      message_for(R"({"model":{"type":"":"<v"{:"":a0,"b":1},"merges":"a b"]},"x":"i":6}]}})"),
      HasSubstr("no tokenizer.json that can be read"));
}

TEST(TokenizerJson, RefusesBadIds) {
  const auto vocabulary = [](const std::string& entries) {
    return with_model(R"({"type": "BPE", "merges": [], "vocab": {)" + entries + "}}");
  };
  EXPECT_THAT(message_for(vocabulary(R"("a": -1)")), HasSubstr("outside 0"));
  EXPECT_THAT(message_for(vocabulary(R"("a": 99999999999)")), HasSubstr("outside 0"));
  EXPECT_THAT(message_for(vocabulary(R"("a": 1, "b": 1)")), HasSubstr("the same id 1"));
  EXPECT_THAT(message_for(with_model(kModel, R"("added_tokens": [{"id": 1e9, "content": "x"}], )")),
              HasSubstr("integer"));
  EXPECT_THAT(
      message_for(with_model(kModel, R"("added_tokens": [{"id": 4294967296, "content": "x"}], )")),
      HasSubstr("within 0"));
}

TEST(TokenizerJson, RefusesMergesOfUnknownTokens) {
  const auto merges = [](const std::string& list) {
    return with_model(R"({"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": [)" + list + "]}");
  };
  EXPECT_THAT(message_for(merges(R"("a c")")), HasSubstr("\"c\", which the vocabulary lacks"));
  EXPECT_THAT(message_for(merges(R"("a b")")), HasSubstr("\"ab\", which the vocabulary lacks"));
  EXPECT_THAT(message_for(merges(R"("ab")")), HasSubstr("no pair"));
  EXPECT_THAT(message_for(merges(R"(["a"])")), HasSubstr("1 parts"));
}

TEST(TokenizerJson, RefusesUnknownStepsByName) {
  EXPECT_THAT(
      message_for(R"({"normalizer": {"type": "Mystery"}, "model": )" + std::string(kModel) + "}"),
      testing::AllOf(HasSubstr("Mystery"), testing::Not(HasSubstr("--disable_convert_tokenizer"))));
}

TEST(TokenizerJson, RefusesReplacementsThatTheOperationWouldNotMake) {
  const auto replacing = [](const std::string& pattern, const std::string& content) {
    return message_for(
        with_model(kModel, R"("normalizer": {"type": "Replace", "pattern": {"Regex": ")" + pattern +
                               R"("}, "content": ")" + content + "\"}, "));
  };
  EXPECT_EQ(replacing("a", "bbbb"), "no error");
  EXPECT_THAT(replacing("a", "bbbbb"), HasSubstr("four times as long"));
  EXPECT_THAT(replacing("a*", "b"), HasSubstr("may match the empty string"));
}

TEST(TokenizerJson, RefusesAPatternThatThePcre2OfTheOperationsDoesNotTake) {
  std::string characters;
  for (int i = 0; i < 20000; ++i) characters += "(a|b)";
  EXPECT_THAT(
      message_for(
          R"({"pre_tokenizer": {"type": "Split", "behavior": "Isolated", "pattern": {"Regex": ")" +
          characters + R"("}}, "model": )" + kModel + "}"),
      HasSubstr("cannot be run by PCRE2"));
}

TEST(TokenizerJson, RefusesATiktokenFileOfUnknownPattern) {
  const Folder folder;
  std::ofstream(folder.path / "other.tiktoken") << "YQ== 0\nYg== 1\n";
  EXPECT_THAT([&] { convert_tokenizer(folder.path); },
              testing::ThrowsMessage<Error>(HasSubstr("it has 2 tokens")));
}

TEST(TokenizerJson, RefusesDeepSequences) {
  std::string step = R"({"type": "Digits"})";
  for (int i = 0; i < 20; ++i) step = R"({"type": "Sequence", "pretokenizers": [)" + step + "]}";
  EXPECT_THAT(message_for(R"({"pre_tokenizer": )" + step + R"(, "model": )" + kModel + "}"),
              HasSubstr("nested deeper"));
}

TEST(TokenizerJson, RefusesAFolderWithoutTokenizer) {
  const Folder folder;
  EXPECT_THROW(convert_tokenizer(folder.path), Error);
}

TEST(WriteTokenizer, NeverWritesOverAFile) {
  const Folder folder;
  std::ofstream(folder.path / "tokenizer.json") << with_model(kModel);
  write_tokenizer(folder.path, folder.path);
  const auto size = fs::file_size(folder.path / "openvino_tokenizer.bin");
  EXPECT_GT(size, 0u);
  EXPECT_THROW(write_tokenizer(folder.path, folder.path), Error);
  EXPECT_EQ(fs::file_size(folder.path / "openvino_tokenizer.bin"), size);
}

}  // namespace
}  // namespace ovbake
