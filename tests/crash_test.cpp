// What an output folder looks like after a bake was killed, the power went, or the disk failed, at
// each of its system calls. The old output or the new one, whole: nothing else.
#include <cerrno>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <spdlog/fmt/fmt.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#include "support/faulty_system.hpp"
#include "support/in_child.hpp"
#include "support/output.hpp"
#include "support/power_cut.hpp"
#include "support/temporary_folder.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

/// One way to bake.
struct Way {
  const char* name;
  bool replaces;      ///< There is an old output.
  bool can_exchange;  ///< The file system exchanges names.
  bool durable;
};

void PrintTo(const Way& way, std::ostream* stream) { *stream << way.name; }

class EveryWay : public testing::TestWithParam<Way> {
 protected:
  EveryWay() { reset(folder_.path()); }

  /// Makes `parent` what it is before the bake.
  void reset(const fs::path& parent) {
    for (const auto& entry : fs::directory_iterator(parent)) fs::remove_all(entry.path());
    if (GetParam().replaces) bake_output(parent / "OUT", "old", false, false);
  }

  void bake() { bake_output(out_, "new", GetParam().replaces, GetParam().durable); }

  FaultySystem::Before without_exchange(FaultySystem::Before before) const {
    return [can_exchange = GetParam().can_exchange, before](std::string_view call, std::size_t n) {
      const int error = before(call, n);
      return error == 0 && !can_exchange && call == "exchange" ? EINVAL : error;
    };
  }

  std::size_t count_calls() {
    const FaultySystem counting(without_exchange([](auto, auto) { return 0; }));
    bake();
    return counting.calls();
  }

  const char* before() const { return GetParam().replaces ? "old" : "none"; }

  /// Only between the two renames of a file system that cannot exchange may the name be missing,
  /// and then the next bake puts the old output back.
  void expect_old_or_new(const fs::path& out) {
    if (state_of(out) == "none" && !GetParam().can_exchange) {
      EXPECT_EQ(state_of(out.parent_path() / ".OUT.replaced"), "old");
      EXPECT_THROW(Staging(out, false), Error);
    }
    EXPECT_THAT(state_of(out), testing::AnyOf(before(), "new"));
  }

  void expect_clean_after_the_next_bake(const fs::path& out) {
    bake_output(out, "next", true, false);
    EXPECT_EQ(state_of(out), "next");
    EXPECT_EQ(std::distance(fs::directory_iterator(out.parent_path()), {}), 1);
  }

  TemporaryFolder folder_;
  fs::path out_ = folder_ / "OUT";
};

TEST_P(EveryWay, SurvivesAKillAtEachCall) {
  const std::size_t calls = count_calls();
  for (std::size_t n = 0; n <= calls; ++n) {
    SCOPED_TRACE(n);
    reset(folder_.path());
    Child child([&] {
      const FaultySystem killing(without_exchange(kill_at(n)));
      bake();
      return 0;
    });
    EXPECT_EQ(child.wait(), n < calls ? -SIGKILL : 0);
    expect_old_or_new(out_);
    expect_clean_after_the_next_bake(out_);
  }
}

TEST_P(EveryWay, SurvivesAFaultOfEachCall) {
  const std::size_t calls = count_calls();
  for (const int error : {EIO, ENOSPC, EDQUOT, EACCES}) {
    for (std::size_t n = 0; n < calls; ++n) {
      SCOPED_TRACE(fmt::format("{} at {}", error, n));
      reset(folder_.path());
      bool failed = false;
      {
        const FaultySystem faulty(without_exchange(fail_at(n, error)));
        try {
          bake();
        } catch (const Error& thrown) {
          failed = true;
          EXPECT_EQ(thrown.code(), ErrorCode::environment);
          EXPECT_THAT(thrown.what(), testing::HasSubstr(folder_.path().string()));
        }
      }
      EXPECT_EQ(state_of(out_), failed ? before() : "new");
      expect_clean_after_the_next_bake(out_);
    }
  }
}

TEST_P(EveryWay, GoesOnAfterEachInterruption) {
  const std::size_t calls = count_calls();
  for (std::size_t n = 0; n < calls; ++n) {
    SCOPED_TRACE(n);
    reset(folder_.path());
    const FaultySystem faulty(without_exchange([n](std::string_view call, std::size_t number) {
      const bool can_be_interrupted = call == "open" || call == "close" || call == "pread" ||
                                      call == "pwrite" || call == "fallocate" || call == "fsync" ||
                                      call == "flock";
      return number == n && can_be_interrupted ? EINTR : 0;
    }));
    bake();
    EXPECT_EQ(state_of(out_), "new");
  }
}

/// Bakes while the power could go after each call; calls `check` with each folder that it may
/// leave.
template <typename Check>
void cut_the_power(const fs::path& root, bool can_exchange, const std::function<void()>& bake,
                   const Check& check) {
  PowerCutSystem cut(root, [&](const PowerCutSystem& disk) {
    const TemporaryFolder flushed;
    disk.leave_flushed(flushed.path());
    const TemporaryFolder names;
    disk.leave_names(names.path());
    check(flushed / "OUT");
    check(names / "OUT");
  });
  cut.can_exchange = can_exchange;
  const ReplacedSystemCalls replaced(cut);
  bake();
}

class EveryDurableWay : public EveryWay {};

TEST_P(EveryDurableWay, SurvivesAPowerCutAfterEachCall) {
  std::size_t cuts = 0;
  cut_the_power(
      folder_.path(), GetParam().can_exchange, [&] { bake(); },
      [&](const fs::path& out) {
        SCOPED_TRACE(cuts++);
        SystemCalls real;
        const ReplacedSystemCalls replaced(real);
        expect_old_or_new(out);
        expect_clean_after_the_next_bake(out);
      });
  EXPECT_GT(cuts, 40U);
  EXPECT_EQ(state_of(out_), "new");
}

constexpr Way kFresh{"Fresh", false, true, true};
constexpr Way kFreshNotDurable{"FreshNotDurable", false, true, false};
constexpr Way kReplace{"Replace", true, true, true};
constexpr Way kReplaceNotDurable{"ReplaceNotDurable", true, true, false};
constexpr Way kReplaceInTwoSteps{"ReplaceInTwoSteps", true, false, true};

const auto name_of = [](const auto& way) { return way.param.name; };
INSTANTIATE_TEST_SUITE_P(Crash, EveryWay,
                         testing::Values(kFresh, kFreshNotDurable, kReplace, kReplaceNotDurable,
                                         kReplaceInTwoSteps),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Crash, EveryDurableWay,
                         testing::Values(kFresh, kReplace, kReplaceInTwoSteps), name_of);

// Proves that the simulation sees what it is there to see.
TEST(PowerCut, TearsAnOutputThatWasNotFlushed) {
  const TemporaryFolder folder;
  std::size_t torn = 0;
  cut_the_power(
      folder.path(), true, [&] { bake_output(folder / "OUT", "new", false, false); },
      [&](const fs::path& out) { torn += state_of(out) == "torn"; });
  EXPECT_GT(torn, 0U);
}

TEST(PowerCut, LeavesWhatADurableBakeReturnedFrom) {
  const TemporaryFolder folder;
  const TemporaryFolder left;
  PowerCutSystem cut(folder.path(), [](const PowerCutSystem&) {});
  {
    const ReplacedSystemCalls replaced(cut);
    bake_output(folder / "a/b/OUT", "new", false, true);
  }
  cut.leave_flushed(left.path());
  EXPECT_EQ(state_of(left / "a/b/OUT"), "new");
}

// The hazard for which this project exists: whoever has the old .bin mapped keeps its bytes.
TEST(Overwrite, LeavesAReaderItsMapping) {
  const TemporaryFolder folder;
  const fs::path out = folder / "OUT";
  bake_output(out, "old", false, true);

  int ready[2];
  int go[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(go), 0);
  Child reader([&] {
    const int file = ::open((out / "openvino_model.bin").c_str(), O_RDONLY);
    const std::size_t bytes = weights_of("old").size();
    const void* mapped = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file, 0);
    char byte = 0;
    if (mapped == MAP_FAILED || ::write(ready[1], &byte, 1) != 1 || ::read(go[0], &byte, 1) != 1)
      return 2;
    return std::memcmp(mapped, weights_of("old").data(), bytes) == 0 ? 0 : 1;
  });
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  for (const char* version : {"newer", "n"}) bake_output(out, version, true, true);
  EXPECT_EQ(state_of(out), "n");
  ASSERT_EQ(::write(go[1], &byte, 1), 1);
  EXPECT_EQ(reader.wait(), 0);
}

// A real disk that is full, where one may be mounted.
TEST(FullDisk, IsAnErrorThatLeavesTheOutput) {
  const TemporaryFolder folder;
  Child child([&] {
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount("none", folder.path().c_str(), "tmpfs", 0, "size=64k") != 0) {
      return 77;
    }
    bake_output(folder / "OUT", "old", false, true);
    int faults = 0;
    for (const bool preallocates : {true, false}) {
      try {
        Staging staging(folder / "OUT", true);
        NewFile file = NewFile::create(staging.folder() / "large");
        if (preallocates) file.preallocate(100'000);
        file.write(0, std::vector<std::byte>(100'000));
        ++faults;
      } catch (const Error& error) {
        faults += std::string(error.what()).find("No space left") == std::string::npos;
      }
      faults += state_of(folder / "OUT") != "old";
    }
    ::umount(folder.path().c_str());
    return faults;
  });
  const int result = child.wait();
  if (result == 77) GTEST_SKIP() << "mounting is not permitted here";
  EXPECT_EQ(result, 0);
}

}  // namespace
}  // namespace ovbake
