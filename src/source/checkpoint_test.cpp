#include "source/checkpoint.hpp"

#include <array>
#include <chrono>

#include <gmock/gmock.h>
#include <spdlog/fmt/fmt.h>

#include "base/file.hpp"
#include "support/error_of.hpp"
#include "support/safetensors.hpp"
#include "support/temporary_folder.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

/// The content of a safetensors file with these U8 tensors of four bytes each, one after the other.
std::string file_of(const std::vector<std::string>& names) {
  std::string header = "{";
  for (std::size_t i = 0; i < names.size(); ++i) {
    header += fmt::format(R"({}"{}": {{"dtype": "U8", "shape": [4], "data_offsets": [{}, {}]}})",
                          i == 0 ? "" : ", ", names[i], 4 * i, 4 * i + 4);
  }
  return safetensors(header + "}", 4 * names.size());
}

class CheckpointTest : public testing::Test {
 protected:
  CheckpointTest() { write("config.json", "{}"); }

  void write(const std::string& name, std::string_view text) {
    fs::remove(folder_ / name);
    write_text(folder_ / name, text);
  }

  /// {"a": "1.safetensors"}
  void write_index(const std::string& weight_map) {
    write("model.safetensors.index.json",
          fmt::format(R"({{"metadata": {{"total_size": 8}}, "weight_map": {}}})", weight_map));
  }

  Checkpoint open() { return Checkpoint::open(folder_.path()); }

  template <typename... Parts>
  void expect_refused(const Parts&... parts) {
    expect_error(
        ErrorCode::input, [&] { open(); }, folder_.path().string(), parts...);
  }

  TemporaryFolder folder_;
};

TEST_F(CheckpointTest, ReadsASingleFile) {
  write("config.json", R"({"model_type": "llama"})");
  write("model.safetensors", file_of({"b", "a"}));
  const Checkpoint checkpoint = open();
  EXPECT_EQ(checkpoint.folder(), folder_.path());
  EXPECT_EQ(checkpoint.config().text("model_type"), "llama");
  ASSERT_EQ(checkpoint.tensors().size(), 2U);
  for (const StoredTensor& tensor : checkpoint.tensors()) EXPECT_EQ(tensor.file, 0U);
  EXPECT_EQ(checkpoint.tensors()[0].name, "b");
  EXPECT_EQ(checkpoint.find("a"), &checkpoint.tensors()[1]);
  EXPECT_EQ(checkpoint.find("c"), nullptr);
}

TEST_F(CheckpointTest, ReadsShardsInTheOrderOfFilesAndBytes) {
  write("2.safetensors", file_of({"d", "a"}));
  write("1.safetensors", file_of({"c", "b"}));
  write_index(
      R"({"a": "2.safetensors", "b": "1.safetensors", "c": "1.safetensors", "d": "2.safetensors"})");
  const Checkpoint checkpoint = open();
  std::string names;
  for (const StoredTensor& tensor : checkpoint.tensors()) {
    names += fmt::format("{}{} ", tensor.name, tensor.file);
  }
  EXPECT_EQ(names, "c0 b0 d1 a1 ");
  EXPECT_EQ(checkpoint.file_of(checkpoint.tensors()[0]).name(), folder_ / "1.safetensors");
}

TEST_F(CheckpointTest, StaysWholeWhenItMoves) {
  write("model.safetensors", file_of({"a", std::string(100, 'n')}));
  Checkpoint first = open();
  const Checkpoint second = std::move(first);
  EXPECT_EQ(second.find("a"), &second.tensors()[0]);
  EXPECT_EQ(second.find(std::string(100, 'n')), &second.tensors()[1]);
}

TEST_F(CheckpointTest, ReadsBytesOfATensor) {
  std::string content = file_of({"a", "b"});
  content.replace(content.size() - 4, 4, "wxyz");
  write("model.safetensors", content);
  const Checkpoint checkpoint = open();
  std::array<char, 2> bytes;
  checkpoint.read(*checkpoint.find("b"), 1, std::as_writable_bytes(std::span(bytes)));
  EXPECT_EQ(std::string(bytes.data(), 2), "xy");
}

// transformers too takes model.safetensors where both are there.
TEST_F(CheckpointTest, PrefersTheSingleFile) {
  write("model.safetensors", file_of({"a"}));
  write_index(R"({"b": "absent.safetensors"})");
  EXPECT_EQ(open().tensors().size(), 1U);
}

TEST_F(CheckpointTest, FollowsTheLinksOfAHubCache) {
  fs::create_directories(folder_ / "blobs");
  fs::create_directories(folder_ / "snapshots/main");
  write("blobs/0123", "{}");
  write("blobs/4567", file_of({"a"}));
  fs::create_symlink("../../blobs/0123", folder_ / "snapshots/main/config.json");
  fs::create_symlink("../../blobs/4567", folder_ / "snapshots/main/model.safetensors");
  const Checkpoint checkpoint = Checkpoint::open(folder_ / "snapshots/main");
  EXPECT_EQ(checkpoint.tensors().size(), 1U);
}

TEST_F(CheckpointTest, RefusesLinksThatGoRoundOrNowhere) {
  fs::create_symlink("model.safetensors", folder_ / "model.safetensors");
  expect_refused("model.safetensors", "symbolic links");
  fs::remove(folder_ / "model.safetensors");
  fs::create_symlink("nowhere", folder_ / "model.safetensors");
  expect_refused("model.safetensors", "No such file");
}

TEST_F(CheckpointTest, SaysWhatTheFolderLacks) {
  expect_refused("no weights", "model.safetensors");
  fs::remove(folder_ / "config.json");
  expect_refused("no config.json");
}

TEST_F(CheckpointTest, RefusesAFolderThatIsNone) {
  write("file", "");
  expect_error(
      ErrorCode::input, [&] { Checkpoint::open(folder_ / "file"); }, "file", "is a file");
  expect_error(
      ErrorCode::input, [&] { Checkpoint::open(folder_ / "none"); }, "no folder", "none");
  expect_error(
      ErrorCode::input, [&] { Checkpoint::open(folder_ / "file/x"); }, "no folder");
  expect_error(
      ErrorCode::input, [] { Checkpoint::open(""); }, "no folder");
}

TEST_F(CheckpointTest, NeverReadsPickles) {
  write("pytorch_model-00001-of-00002.bin", "");
  write("consolidated.00.pth", "");
  expect_refused("pickles", "pytorch_model-00001-of-00002.bin", "consolidated.00.pth",
                 "safetensors");
}

TEST_F(CheckpointTest, NamesWeightsOfAnotherName) {
  write("consolidated.safetensors", file_of({"a"}));
  write("pytorch_model.bin", "");
  expect_refused("consolidated.safetensors", "other names");
}

TEST_F(CheckpointTest, RefusesAnIndexThatIsNone) {
  write("model.safetensors.index.json", "[]");
  expect_refused("index.json", "weight_map");
  write("model.safetensors.index.json", "{}");
  expect_refused("index.json", "weight_map");
  write("model.safetensors.index.json", "{\"weight_map\"");
  expect_refused("index.json", "not valid JSON");
  write_index("{}");
  expect_refused("index.json", "weight_map");
  write_index(R"(["a"])");
  expect_refused("index.json", "weight_map");
  write_index(R"({"a": "1.safetensors", "a": "2.safetensors"})");
  expect_refused("index.json", "\"a\" twice");
}

TEST_F(CheckpointTest, RefusesAnIndexThatLeavesTheFolder) {
  write("1.safetensors", file_of({"a"}));
  for (const std::string name :
       {"../1.safetensors", "/etc/passwd", "./1.safetensors", "x/1.safetensors", "..", ".", "",
        R"(..\\1.safetensors)", R"(1.safetensors\u0000)"}) {
    write_index(fmt::format(R"({{"a": "{}"}})", name));
    expect_refused("index.json", "\"a\"", "no name of a file beside it");
  }
  write_index(R"({"a": 1})");
  expect_refused("index.json", "\"a\"", "\"1\"");
}

// As transformers reads shards: it opens those that the index names and takes what they hold.
TEST_F(CheckpointTest, BelievesHeadersAndNotTheIndex) {
  write("1.safetensors", file_of({"a", "unlisted"}));
  write("2.safetensors", file_of({"b"}));
  write_index(R"({"a": "2.safetensors", "b": "1.safetensors", "nowhere": "1.safetensors"})");
  const Checkpoint checkpoint = open();
  EXPECT_EQ(checkpoint.tensors().size(), 3U);
  EXPECT_NE(checkpoint.find("unlisted"), nullptr);
  EXPECT_THAT(checkpoint.absent_tensors(), testing::ElementsAre("nowhere"));
  EXPECT_THAT(checkpoint.absent_files(), testing::IsEmpty());
}

TEST_F(CheckpointTest, KnowsWhichFilesOfTheIndexAreNotThere) {
  write("1.safetensors", file_of({"a"}));
  write_index(R"({"a": "1.safetensors", "b": "2.safetensors", "c": "2.safetensors"})");
  const Checkpoint checkpoint = open();
  EXPECT_THAT(checkpoint.absent_files(), testing::ElementsAre("2.safetensors"));
  EXPECT_THAT(checkpoint.absent_tensors(), testing::UnorderedElementsAre("b", "c"));
  fs::remove(folder_ / "1.safetensors");
  expect_refused("index.json", "\"1.safetensors\"", "\"2.safetensors\"", "download");
}

TEST_F(CheckpointTest, NamesEveryShardThatCannotBeRead) {
  write("1.safetensors", file_of({"a"}).substr(0, 60));
  write("2.safetensors", file_of({"b"}).substr(0, 60));
  write_index(R"({"a": "1.safetensors", "b": "2.safetensors"})");
  expect_refused("1.safetensors is truncated", "2.safetensors is truncated");
}

TEST_F(CheckpointTest, RefusesATensorThatTwoFilesHold) {
  write("1.safetensors", file_of({"a"}));
  write("2.safetensors", file_of({"a"}));
  write_index(R"({"a": "1.safetensors", "b": "2.safetensors"})");
  expect_refused("1.safetensors", "2.safetensors", "both hold", "\"a\"");
}

TEST_F(CheckpointTest, TakesAWholeSetOfShardsWithoutAnIndex) {
  write("model-00001-of-00002.safetensors", file_of({"a"}));
  expect_refused("\"model-00002-of-00002.safetensors\"", "missing");
  write("model-00002-of-00002.safetensors", file_of({"b"}));
  EXPECT_EQ(open().tensors().size(), 2U);
  write("other-00001-of-00001.safetensors", file_of({"c"}));
  expect_refused("model.safetensors.index.json", "other-00001-of-00001.safetensors");
}

TEST_F(CheckpointTest, TakesNoNameForANumberedOneThatIsNone) {
  for (const std::string name :
       {"model-1-of-2.safetensors", "model-00001-of-0000x.safetensors",
        "00001-of-00001.safetensors", "model-00001-of-00001.bin.safetensors",
        "model_00001-of-00001.safetensors"}) {
    write(name, file_of({"a"}));
    expect_refused("other names", name);
    fs::remove(folder_ / name);
  }
}

TEST_F(CheckpointTest, NamesAnAdapterAndItsBaseModel) {
  fs::remove(folder_ / "config.json");
  write("adapter_model.safetensors", file_of({"a"}));
  write("adapter_config.json",
        R"({"peft_type": "LORA", "base_model_name_or_path": "org/base", "r": 8})");
  expect_refused("LoRA adapter", "\"org/base\"", "merge");
  write("config.json", "{}");
  expect_refused("LoRA adapter");
  write("model.safetensors", file_of({"a"}));
  EXPECT_EQ(open().tensors().size(), 1U);
}

TEST_F(CheckpointTest, NamesWeightsThatAreGgufOnly) {
  write("model-q4_0.gguf", "");
  expect_refused("GGUF", "model-q4_0.gguf");
}

TEST_F(CheckpointTest, NoticesThatAFileWasChanged) {
  write("model.safetensors", file_of({"a"}));
  const Checkpoint checkpoint = open();
  EXPECT_NO_THROW(checkpoint.require_unchanged());
  fs::last_write_time(folder_ / "model.safetensors",
                      fs::file_time_type::clock::now() + std::chrono::hours(1));
  expect_error(
      ErrorCode::input, [&] { checkpoint.require_unchanged(); }, "model.safetensors", "changed");
}

// A mapped file would answer this with SIGBUS.
TEST_F(CheckpointTest, NoticesThatAFileShrank) {
  write("model.safetensors", file_of({"a"}));
  const Checkpoint checkpoint = open();
  fs::resize_file(folder_ / "model.safetensors", fs::file_size(folder_ / "model.safetensors") - 2);
  std::array<std::byte, 4> bytes;
  expect_error(
      ErrorCode::input, [&] { checkpoint.read(*checkpoint.find("a"), 0, bytes); },
      "model.safetensors", "ends at byte");
  expect_error(
      ErrorCode::input, [&] { checkpoint.require_unchanged(); }, "changed");
}

}  // namespace
}  // namespace ovbake
