// Whole bakes of a tiny model that are killed, lose power, or meet a disk that fails, at each of
// their system calls: the old output or the new one, byte for byte, and a next bake that cleans up.
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <spdlog/fmt/fmt.h>

#include <ovbake/ovbake.hpp>

#include "base/file.hpp"
#include "base/folder.hpp"
#include "support/error_of.hpp"
#include "support/faulty_system.hpp"
#include "support/in_child.hpp"
#include "support/instruction_set.hpp"
#include "support/power_cut.hpp"
#include "support/safetensors.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiny_model.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

/// Path → bytes of a file, or where a link points.
using Contents = std::map<std::string, std::string>;

Contents contents(const fs::path& folder) {
  Contents result;
  if (!is_there(folder)) return result;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().lexically_relative(folder);
    if (entry.is_symlink()) {
      result[name] = "→ " + fs::read_symlink(entry.path()).string();
    } else if (entry.is_regular_file()) {
      result[name] = read_text(entry.path(), 64 << 20);
    }
  }
  return result;
}

std::string state_of(const Contents& left, const Contents& old_one, const Contents& new_one) {
  if (left.empty()) return "none";
  if (left == old_one) return "old";
  if (left == new_one) return "new";
  std::string difference = "neither;";
  for (const auto& [name, bytes] : left) {
    if (!old_one.contains(name) || old_one.at(name) != bytes) difference += " " + name;
  }
  return difference;
}

class WholeBake : public testing::Test {
 protected:
  WholeBake() {
    const TinyCheckpoint tiny = tiny_checkpoint("adversarial", "bf16", false);
    const std::string header = tiny.header.dump();
    make_folder(model_);
    make_folder(place_);
    write_text(model_ / "config.json", tiny.config.dump());
    write_text(weights_, little_endian(header.size()) + header + tiny.data);
    bake_in_child(old_options());
    old_ = contents(out_);
    copy(out_, folder_ / "old");
    bake_in_child(new_options());
    new_ = contents(out_);
    EXPECT_NE(old_.at("openvino_model.bin"), new_.at("openvino_model.bin"));
    reset();
  }

  BakeOptions old_options() const {
    return {.model = model_,
            .output_dir = out_,
            .compression = {.group_size = 64, .allow_nonfinite = true},
            .max_prompt_len = 8,
            .min_response_len = 8,
            .convert_tokenizer = false,
            .overwrite = true,
            .threads = 1};
  }

  BakeOptions new_options() const {
    BakeOptions options = old_options();
    options.compression.group_size = 32;
    return options;
  }

  static BakeOptions resumed(BakeOptions options) {
    options.resume = true;
    return options;
  }

  /// The old output and nothing else.
  void reset() {
    for (const auto& entry : fs::directory_iterator(place_)) fs::remove_all(entry.path());
    copy(folder_ / "old", out_);
  }

  static void copy(const fs::path& from, const fs::path& to) {
    fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  }

  /// OpenVINO keeps threads, which a fork would lose; so this process never bakes before it forks.
  static void bake_in_child(const BakeOptions& options) {
    Child child([&] {
      bake(options);
      return 0;
    });
    EXPECT_EQ(child.wait(), 0);
  }

  std::size_t count_calls() {
    Child child([&] {
      const FaultySystem counting([](auto, auto) { return 0; });
      bake(new_options());
      std::ofstream(folder_ / "calls") << counting.calls();
      return 0;
    });
    EXPECT_EQ(child.wait(), 0);
    reset();
    return std::stoul(read_text(folder_ / "calls", 100));
  }

  std::string state() const { return state_of(contents(out_), old_, new_); }

  void expect_only_out() const { EXPECT_EQ(std::distance(fs::directory_iterator(place_), {}), 1); }

  TemporaryFolder folder_;
  fs::path model_ = folder_ / "model";
  fs::path weights_ = model_ / "model.safetensors";
  fs::path place_ = folder_ / "place";
  fs::path out_ = place_ / "OUT";
  Contents old_, new_;
};

/// Over an old output, and where there is none.
class KilledBake : public WholeBake, public testing::WithParamInterface<bool> {
 protected:
  void begin() {
    reset();
    if (!GetParam()) fs::remove_all(out_);
  }
};

TEST_P(KilledBake, LeavesTheOldOrTheNewAndResumes) {
  const std::size_t calls = count_calls();
  EXPECT_GE(calls, 200U);
  std::size_t kept = 0;
  for (std::size_t n = 0; n < calls; ++n) {
    SCOPED_TRACE(n);
    begin();
    Child killed([&] {
      const FaultySystem killing(kill_at(n));
      bake(new_options());
      return 0;
    });
    if (killed.wait() == 0) break;  // without an old output there are fewer calls
    EXPECT_THAT(state(), testing::AnyOf(GetParam() ? "old" : "none", "new"));

    Child next([&] {
      return static_cast<int>(
          bake(n % 2 == 0 ? resumed(new_options()) : new_options()).kept_tensors);
    });
    kept += static_cast<std::size_t>(next.wait());
    EXPECT_EQ(state(), "new");
    expect_only_out();
  }
  EXPECT_GT(kept, calls / 2);
}

INSTANTIATE_TEST_SUITE_P(WholeBake, KilledBake, testing::Bool(), [](const auto& replaces) {
  return replaces.param ? "Replacing" : "Fresh";
});

TEST_F(WholeBake, SurvivesAFaultOfEachCall) {
  const std::size_t calls = count_calls();
  for (std::size_t n = 0; n < calls; ++n) {
    const int error = std::array{EIO, ENOSPC, EDQUOT}[n % 3];
    SCOPED_TRACE(fmt::format("{} at {}", error, n));
    bool failed = false;
    {
      const FaultySystem faulty(fail_at(n, error));
      try {
        bake(new_options());
      } catch (const Error& thrown) {
        failed = true;
        EXPECT_THAT(thrown.code(), testing::AnyOf(ErrorCode::environment, ErrorCode::verification));
        EXPECT_THAT(thrown.what(), testing::HasSubstr(std::strerror(error)));
        EXPECT_THAT(thrown.what(), testing::HasSubstr(folder_.path().string()));
      }
    }
    EXPECT_EQ(state(), failed ? "old" : "new");
    bake(old_options());
    expect_only_out();
  }
}

TEST_F(WholeBake, GoesOnAfterShortReadsAndWrites) {
  const FaultySystem torn([](auto, auto) { return 0; }, 511);
  bake(new_options());
  EXPECT_EQ(state(), "new");
}

TEST_F(WholeBake, GoesOnAfterInterruptedCalls) {
  const FaultySystem interrupted([](std::string_view call, std::size_t n) {
    return n % 2 == 0 && (call == "open" || call == "pread" || call == "pwrite" ||
                          call == "fallocate" || call == "fsync" || call == "flock")
               ? EINTR
               : 0;
  });
  bake(new_options());
  EXPECT_EQ(state(), "new");
}

TEST_F(WholeBake, SurvivesAPowerCutAfterEachCall) {
  std::size_t cuts = 0;
  PowerCutSystem cut(place_, [&](const PowerCutSystem& disk) {
    const TemporaryFolder flushed;
    const TemporaryFolder names;
    disk.leave_flushed(flushed.path());
    disk.leave_names(names.path());
    for (const TemporaryFolder* left : {&flushed, &names}) {
      EXPECT_THAT(state_of(contents(*left / "OUT"), old_, new_), testing::AnyOf("old", "new"))
          << "after call " << cuts;
    }
    ++cuts;
  });
  const ReplacedSystemCalls replaced(cut);
  bake(new_options());
  EXPECT_GT(cuts, 100U);
  const TemporaryFolder left;
  cut.leave_flushed(left.path());
  EXPECT_EQ(state_of(contents(left / "OUT"), old_, new_), "new") << "of what was told to be done";
}

TEST_F(WholeBake, GivesTheSameBytesOnEveryInstructionSet) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    use_instruction_set(target);
    bake(new_options());
    EXPECT_EQ(state(), "new") << hwy::TargetName(target);
    bake(old_options());
  }
  use_instruction_set(0);
}

// ---- resuming -----------------------------------------------------------------------------------

class Resume : public WholeBake {
 protected:
  /// Kills a bake after `tensors` of them are whole.
  void leave_unfinished(const BakeOptions& options, std::uint64_t tensors) {
    Child killed([&] {
      bake(options, [&](const Progress& progress) {
        if (progress.stage == "weights" && progress.items_done == tensors) std::raise(SIGKILL);
        return true;
      });
      return 0;
    });
    EXPECT_EQ(killed.wait(), -SIGKILL);
  }

  /// Bakes on and demands the same bytes, and how many tensors were whole already.
  void expect_resumed(const testing::Matcher<std::uint64_t>& kept) {
    EXPECT_THAT(bake(resumed(new_options())).kept_tensors, kept);
    EXPECT_EQ(state(), "new");
  }

  fs::path unfinished_ = place_ / ".OUT.baking/openvino_model.bin";
  fs::path journal_ = place_ / ".OUT.baking.journal";
};

TEST_F(Resume, KeepsWhatIsWhole) {
  leave_unfinished(new_options(), 9);
  expect_resumed(9U);
}

TEST_F(Resume, CanBeKilledItself) {
  leave_unfinished(new_options(), 5);
  leave_unfinished(resumed(new_options()), 12);
  expect_resumed(testing::Ge(5U));
}

TEST_F(Resume, TrustsNoJournalButTheBytes) {
  leave_unfinished(new_options(), 9);
  std::fstream bin(unfinished_, std::ios::in | std::ios::out | std::ios::binary);
  bin.seekp(100);
  bin.put('\x55');
  bin.close();
  expect_resumed(8U);
}

TEST_F(Resume, ReadsAJournalUpToItsTornLine) {
  leave_unfinished(new_options(), 9);
  fs::resize_file(journal_, fs::file_size(journal_) - 5);
  expect_resumed(8U);
}

TEST_F(Resume, KeepsNothingOfOtherOptions) {
  leave_unfinished(old_options(), 9);
  expect_resumed(0U);
}

TEST_F(Resume, KeepsNothingOfAModelThatWasWrittenTo) {
  leave_unfinished(new_options(), 9);
  fs::last_write_time(weights_, fs::file_time_type::clock::now());
  expect_resumed(0U);
}

TEST_F(Resume, KeepsNothingOfAnotherConfig) {
  leave_unfinished(new_options(), 9);
  const std::string config = read_text(model_ / "config.json", 1 << 20);
  fs::remove(model_ / "config.json");
  write_text(model_ / "config.json", config + " ");
  EXPECT_EQ(bake(resumed(new_options())).kept_tensors, 0U);
}

TEST_F(Resume, OutlivesAStop) {
  leave_unfinished(new_options(), 5);
  const auto stop = [](const Progress& progress) {
    return progress.stage != "weights" || progress.items_done < 9;
  };
  expect_error(
      ErrorCode::interrupted, [&] { bake(resumed(new_options()), stop); }, "--resume");
  expect_resumed(testing::Ge(9U));
}

TEST_F(Resume, OutlivesAFault) {
  leave_unfinished(new_options(), 5);
  bool is_full = false;
  const auto fill_disk = [&](const Progress& progress) {
    is_full = progress.stage == "weights" && progress.items_done >= 9;
    return true;
  };
  {
    const FaultySystem faulty([&](std::string_view call, std::size_t) {
      return is_full && call == "pwrite" ? ENOSPC : 0;
    });
    expect_error(
        ErrorCode::environment, [&] { bake(resumed(new_options()), fill_disk); }, "No space left",
        "--resume");
  }
  expect_resumed(testing::Ge(8U));
}

TEST_F(Resume, IsForThoseWhoAskForIt) {
  const auto stop = [](const Progress& progress) {
    return progress.stage != "weights" || progress.items_done < 9;
  };
  expect_error(
      ErrorCode::interrupted, [&] { bake(new_options(), stop); }, "was removed");
  expect_only_out();
}

// A kill between the exchange of names and the removal of the old output leaves a finished .bin
// where an unfinished one is looked for; somebody may have it mapped.
TEST_F(Resume, NeverWritesToTheBinOfAnOldOutput) {
  leave_unfinished(new_options(), 9);
  fs::create_hard_link(unfinished_, folder_ / "keeps its inode");
  const std::string journal = read_text(journal_, 1 << 20);
  reset();
  copy(out_, place_ / ".OUT.baking");
  fs::create_hard_link(unfinished_, folder_ / "reader");
  write_text(journal_, journal);
  expect_resumed(0U);
  EXPECT_EQ(read_text(folder_ / "reader", 64 << 20), old_.at("openvino_model.bin"));
}

// ---- a source that changes ----------------------------------------------------------------------

class ChangingSource : public WholeBake {
 protected:
  /// Does `change` once three tensors are baked and expects an input error that names the file.
  void expect_refused(const std::function<void()>& change) {
    const auto changing = [&](const Progress& progress) {
      if (progress.stage == "weights" && progress.items_done == 3) change();
      return true;
    };
    expect_error(
        ErrorCode::input, [&] { bake(new_options(), changing); }, weights_.string(), "run again");
    EXPECT_EQ(state(), "old");
    expect_only_out();
  }
};

TEST_F(ChangingSource, IsRefusedWhereItShrinks) {
  expect_refused([&] { fs::resize_file(weights_, 30'000); });
}

/// What no size and no time of modification tells.
TEST_F(ChangingSource, IsRefusedWhereAnyOfItsFilesIsAnother) {
  for (const fs::path& file : {model_ / "config.json", weights_}) {
    const auto before = fs::last_write_time(file);
    const auto replace = [&](const Progress& progress) {
      if (progress.stage != "weights" || progress.items_done != 3) return true;
      const fs::path copy = folder_ / "copy";
      fs::copy(file, copy);
      fs::last_write_time(copy, before);
      fs::rename(copy, file);
      return true;
    };
    expect_error(
        ErrorCode::input, [&] { bake(new_options(), replace); }, file.string(), "run again");
    EXPECT_EQ(state(), "old");

    const auto write = [&](const Progress& progress) {
      if (progress.stage != "weights" || progress.items_done != 3) return true;
      std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
      const char same = static_cast<char>(stream.get());
      stream.seekp(0);
      stream.put(same);
      stream.close();
      fs::last_write_time(file, before);
      return true;
    };
    expect_error(
        ErrorCode::input, [&] { bake(new_options(), write); }, file.string(), "run again");
  }
}

TEST_F(ChangingSource, IsRefusedWhereItIsWrittenTo) {
  expect_refused([&] {
    std::fstream(weights_, std::ios::in | std::ios::out | std::ios::binary).put('\x55');
    fs::last_write_time(weights_, fs::file_time_type::clock::now());
  });
}

}  // namespace
}  // namespace ovbake
