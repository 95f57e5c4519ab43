// Filling on several threads, and what stops it.
#include "filling/fill.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <optional>

#include <gtest/gtest.h>

#include "architecture/family.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "compression/planner.hpp"
#include "support/error_of.hpp"
#include "support/safetensors.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiny_model.hpp"

namespace ovbake {
namespace {

class FillTest : public testing::Test {
 protected:
  void write(const TinyCheckpoint& tiny) {
    const std::string header = tiny.header.dump();
    write_text(folder_ / "config.json", tiny.config.dump());
    write_text(folder_ / "model.safetensors", little_endian(header.size()) + header + tiny.data);
  }

  CompressionPlan plan(const CompressionOptions& options = {.group_size = 64}) {
    checkpoint_.emplace(Checkpoint::open(folder_.path()));
    Sensitivity sensitivity(*checkpoint_, 1);
    return plan_compression(describe(checkpoint_->config()), *checkpoint_, options, sensitivity);
  }

  /// The .bin that `threads` threads make of the checkpoint.
  std::string filled(
      unsigned threads, const TensorDone& done = [](const PlannedTensor&, auto) {}) {
    const CompressionPlan made = plan();
    const auto path = folder_ / fmt::format("{}.bin", ++files_);
    NewFile bin = NewFile::create(path);
    bin.preallocate(made.weight_bytes);
    digests_ =
        fill_weights(made, *checkpoint_, bin,
                     {.space = {.threads = threads}, .allow_nonfinite = allow_nonfinite_}, done);
    return read_text(path, 16 << 20);
  }

  TemporaryFolder folder_;
  std::optional<Checkpoint> checkpoint_;
  Digests digests_;
  bool allow_nonfinite_ = true;  ///< Rows of "adversarial" have scales beyond f16.
  int files_ = 0;
};

TEST_F(FillTest, GivesTheSameBytesAndDigestsOnAnyNumberOfThreads) {
  write(tiny_checkpoint("adversarial", "bf16", false));
  const std::string expected = filled(1);
  const auto expected_digests = digests_;
  for (const unsigned threads : {2U, 3U, 8U}) {
    EXPECT_EQ(filled(threads), expected) << threads;
    EXPECT_EQ(digests_, expected_digests) << threads;
  }
}

TEST_F(FillTest, ReportsEveryTensorOnce) {
  write(tiny_checkpoint("odd_widths", "f32", true));
  std::vector<std::string> done;
  filled(4, [&](const PlannedTensor& planned, auto) { done.push_back(planned.tensor.name); });
  std::ranges::sort(done);
  EXPECT_EQ(std::ranges::adjacent_find(done), done.end());
  EXPECT_EQ(done.size(), plan().tensors.size());
}

TEST_F(FillTest, EndsWithWhatTheCallbackThrows) {
  write(tiny_checkpoint("adversarial", "bf16", false));
  expect_error(ErrorCode::interrupted, [&] {
    filled(4, [](const PlannedTensor&, auto) { throw Error(ErrorCode::interrupted, "Stopped."); });
  });
}

TEST_F(FillTest, NamesTensorRowAndColumnOfAValueThatIsNotFinite) {
  allow_nonfinite_ = false;
  TinyCheckpoint tiny = tiny_checkpoint("odd_widths", "f32", false);
  const std::string name = "model.layers.1.mlp.up_proj.weight";
  const std::size_t begin = tiny.header[name]["data_offsets"][0];
  const auto nan = std::bit_cast<std::array<char, 4>>(std::numeric_limits<float>::quiet_NaN());
  std::ranges::copy(nan,
                    tiny.data.begin() + static_cast<std::ptrdiff_t>(begin + (9 * 96 + 77) * 4));
  write(tiny);
  expect_error(
      ErrorCode::input, [&] { filled(2); }, name, "NaN", "row 9, column 77");
}

TEST_F(FillTest, NamesTensorAndRowWhoseScaleBecomesInfinite) {
  allow_nonfinite_ = false;
  write(tiny_checkpoint("adversarial", "bf16", false));
  expect_error(
      ErrorCode::input, [&] { filled(2); }, "model.embed_tokens.weight", "row 10", "int8_asym",
      "--allow_nonfinite");
}

TEST_F(FillTest, RefusesWhatRoundingToFloat16MakesInfinite) {
  allow_nonfinite_ = false;
  TinyCheckpoint tiny = tiny_checkpoint("odd_widths", "f32_as_f16", true);
  const auto large = std::bit_cast<std::array<char, 4>>(70000.0F);
  std::ranges::copy(large, tiny.data.begin() + 5 * 4);
  write(tiny);
  expect_error(
      ErrorCode::input, [&] { filled(2); }, "model.embed_tokens.weight", "an infinity",
      "row 0, column 5", "float16");
}

TEST_F(FillTest, ListsEveryFaultOfTheTensorsAtOnce) {
  TinyCheckpoint tiny = tiny_checkpoint("odd_widths", "bf16", false);
  Json& header = tiny.header;
  header["model.extra.weight"] = header["model.norm.weight"];
  header.erase("model.norm.weight");
  header["lm_head.weight"]["shape"] = {96, 120};
  write(tiny);
  expect_error(
      ErrorCode::input, [&] { plan(); }, "model.extra.weight", "no use for it",
      "model.norm.weight [96] is missing",
      "lm_head.weight has the shape [96, 120], but config.json asks for [120, 96]");
}

TEST_F(FillTest, ListsEveryOptionThatIsOutOfRange) {
  write(tiny_checkpoint("odd_widths", "bf16", false));
  expect_error(
      ErrorCode::usage, [&] { plan({.weight_format = "int5", .group_size = 0, .ratio = 1.5}); },
      "--weight_format int5", "--ratio 1.5");
}

}  // namespace
}  // namespace ovbake
