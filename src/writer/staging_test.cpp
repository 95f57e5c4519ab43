#include "writer/staging.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>

#include "support/error_of.hpp"
#include "support/faulty_system.hpp"
#include "support/in_child.hpp"
#include "support/output.hpp"
#include "support/temporary_folder.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

class StagingTest : public testing::Test {
 protected:
  void expect_refused(ErrorCode code, const fs::path& output_dir, bool overwrite, auto... parts) {
    SCOPED_TRACE(output_dir);
    expect_error(
        code, [&] { Staging(output_dir, overwrite); }, parts...);
  }

  void expect_only_output(const std::string& state) {
    EXPECT_EQ(state_of(out_), state);
    EXPECT_THAT(names_in(folder_.path()), testing::ElementsAre("OUT"));
  }

  TemporaryFolder folder_;
  fs::path out_ = folder_ / "OUT";
};

TEST_F(StagingTest, PublishesAllAtOnce) {
  for (const bool durable : {true, false}) {
    fs::remove_all(out_);
    Staging staging(out_, false);
    EXPECT_EQ(staging.folder(), folder_ / ".OUT.baking");
    write_output(staging.folder(), "new");
    EXPECT_EQ(state_of(out_), "none");
    staging.publish(durable);
    EXPECT_EQ(state_of(out_), "new");
  }
  expect_only_output("new");
}

TEST_F(StagingTest, LeavesNothingUnlessPublished) {
  { write_output(Staging(out_, false).folder(), "new"); }
  EXPECT_THAT(names_in(folder_.path()), testing::IsEmpty());
}

TEST_F(StagingTest, CreatesParentsAndTakesThemBack) {
  { Staging staging(folder_ / "a/b/OUT", false); }
  EXPECT_THAT(names_in(folder_.path()), testing::IsEmpty());

  fs::create_directory(folder_ / "a");
  { Staging staging(folder_ / "a/b/OUT", false); }
  EXPECT_THAT(names_in(folder_ / "a"), testing::IsEmpty());

  bake_output(folder_ / "a/b/OUT", "new", false, true);
  EXPECT_EQ(state_of(folder_ / "a/b/OUT"), "new");
  EXPECT_THAT(names_in(folder_ / "a/b"), testing::ElementsAre("OUT"));
}

TEST_F(StagingTest, UnderstandsEveryWayToNameAFolder) {
  const fs::path before = fs::current_path();
  fs::current_path(folder_.path());
  fs::create_directory("real");
  fs::create_directory_symlink("real", "link");
  for (const char* name : {"OUT", "OUT/", "OUT//", "./OUT", "real/../OUT", "link/OUT"}) {
    SCOPED_TRACE(name);
    bake_output(name, "new", false, false);
    EXPECT_EQ(state_of(name), "new");
    fs::remove_all(name);
  }
  fs::current_path(before);
  EXPECT_THAT(names_in(folder_.path()), testing::ElementsAre("link", "real"));
}

TEST_F(StagingTest, RefusesWhatIsNoNameOfAFolder) {
  for (const char* name : {"", "/", ".", "..", "x/.", "x/..", "//"}) {
    expect_refused(ErrorCode::usage, name, true, "output folder");
  }
  expect_refused(ErrorCode::environment, folder_ / std::string(255, 'x'), false,
                 "File name too long");
}

TEST_F(StagingTest, TakesAnEmptyFolderForNone) {
  fs::create_directory(out_);
  bake_output(out_, "new", false, true);
  expect_only_output("new");
}

TEST_F(StagingTest, ReplacesOnlyWhenAskedTo) {
  bake_output(out_, "old", false, false);
  expect_refused(ErrorCode::input, out_, false, out_.string(), "--overwrite");
  expect_only_output("old");
  bake_output(out_, "new", true, true);
  expect_only_output("new");
}

TEST_F(StagingTest, ReplacesOnlyWhatABakeMade) {
  fs::create_directory(out_);
  write_text(out_ / "thesis.tex", "mine");
  expect_refused(ErrorCode::input, out_, true, out_.string(), "no bake.json");
  EXPECT_EQ(read_text(out_ / "thesis.tex", 10), "mine");
  fs::remove_all(out_);

  write_text(out_, "mine");
  expect_refused(ErrorCode::input, out_, true, out_.string(), "no folder");
  EXPECT_EQ(read_text(out_, 10), "mine");
}

TEST_F(StagingTest, RefusesAnOutputThatAppearedMeanwhile) {
  Staging staging(out_, false);
  write_output(staging.folder(), "new");
  write_output((fs::create_directory(out_), out_), "old");
  expect_error(
      ErrorCode::input, [&] { staging.publish(true); }, "exists");
  EXPECT_EQ(state_of(out_), "old");
}

TEST_F(StagingTest, FollowsALinkToAFolder) {
  fs::create_directory(folder_ / "disk");
  bake_output(folder_ / "disk/real", "old", false, false);
  fs::create_directory_symlink("disk/real", out_);
  bake_output(out_, "new", true, true);
  EXPECT_TRUE(fs::is_symlink(out_));
  EXPECT_EQ(state_of(folder_ / "disk/real"), "new");
  EXPECT_THAT(names_in(folder_ / "disk"), testing::ElementsAre("real"));

  fs::remove(out_);
  fs::create_symlink("nowhere", out_);
  expect_refused(ErrorCode::input, out_, true, out_.string(), "No such file");
}

TEST_F(StagingTest, RefusesParentsThatCannotBeWritten) {
  write_text(folder_ / "file", "");
  expect_refused(ErrorCode::environment, folder_ / "file/OUT", false, "Not a directory");
  expect_refused(ErrorCode::environment, "/proc/OUT", false, "/proc/.OUT");
  expect_refused(ErrorCode::environment, "/proc/a/OUT", false, "/proc/a");
}

TEST_F(StagingTest, RefusesAMountPoint) {
  Child child([&] {
    fs::create_directory(out_);
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", out_.c_str(), "tmpfs", 0, nullptr) != 0)
      return 77;
    const Thrown thrown = error_of([&] { Staging(out_, true); });
    ::umount(out_.c_str());
    return thrown.message.find("mount point") == std::string::npos ? 1 : 0;
  });
  const int result = child.wait();
  if (result == 77) GTEST_SKIP() << "mounting is not permitted here";
  EXPECT_EQ(result, 0);
}

TEST_F(StagingTest, KeepsTwoBakesApart) {
  {
    Staging first(out_, false);
    expect_refused(ErrorCode::environment, out_, false, "Another process", out_.string());
    Staging elsewhere(folder_ / "OTHER", false);
    write_output(first.folder(), "new");
    first.publish(true);
  }
  expect_only_output("new");
}

// Four processes bake to one folder at once, again and again: some lose, none harms another.
TEST_F(StagingTest, LetsOneOfManyWin) {
  for (int round = 0; round < 20; ++round) {
    std::vector<Child> children;
    for (int i = 0; i < 4; ++i) {
      children.emplace_back([&, i] {
        try {
          bake_output(out_, std::to_string(i), true, false);
          return 0;
        } catch (const Error& error) {
          return error.code() == ErrorCode::environment ? 1 : 2;
        }
      });
    }
    int winners = 0;
    for (Child& child : children) {
      const int result = child.wait();
      EXPECT_THAT(result, testing::AnyOf(0, 1));
      winners += result == 0;
    }
    EXPECT_GE(winners, 1);
    EXPECT_THAT(state_of(out_), testing::AnyOf("0", "1", "2", "3"));
    EXPECT_THAT(names_in(folder_.path()), testing::ElementsAre("OUT"));
  }
}

TEST_F(StagingTest, CleansUpAfterTheDeadAndOnlyThem) {
  fs::create_directory(folder_ / ".OUT.baking");
  write_output(folder_ / ".OUT.baking", "half");
  write_text(folder_ / ".OUT.baking.lock", "");
  fs::create_directory(folder_ / ".OTHER.baking");
  { Staging staging(out_, false); }
  EXPECT_THAT(names_in(folder_.path()), testing::ElementsAre(".OTHER.baking"));
}

TEST_F(StagingTest, KeepsWhatItIsToldTo) {
  {
    Staging staging(out_, false, "weights");
    write_text(staging.folder() / "weights", "half");
    write_text(staging.folder() / "graph", "half");
    write_text(staging.journal(), "claim");
    staging.keep("weights");
  }
  EXPECT_THAT(names_in(folder_.path()), testing::ElementsAre(".OUT.baking", ".OUT.baking.journal"));
  EXPECT_THAT(names_in(folder_ / ".OUT.baking"), testing::ElementsAre("weights"));
  bake_output(out_, "new", false, false);
  expect_only_output("new");
}

TEST_F(StagingTest, ReplacesOnlyWhatIsProven) {
  bake_output(out_, "old", false, false);
  std::vector<fs::path> asked;
  bool proves = false;
  const Staging::ProveBaked prove = [&](const fs::path& folder) {
    asked.push_back(folder);
    if (!proves) throw Error(ErrorCode::input, "It is not proven.");
  };
  expect_error(
      ErrorCode::input, [&] { Staging(out_, true, {}, prove); }, "not proven");
  expect_only_output("old");

  proves = true;
  Staging staging(out_, true, {}, prove);
  write_output(staging.folder(), "new");
  asked.clear();
  staging.publish(true);
  EXPECT_EQ(state_of(out_), "new");
  EXPECT_THAT(asked, testing::ElementsAre(out_, folder_ / ".OUT.baking"));
}

/// Between the last look at the old output and its removal.
TEST_F(StagingTest, PutsBackWhatIsNotProvenAnyMore) {
  for (const int error : {0, EINVAL}) {
    bake_output(out_, "old", true, false);
    const FaultySystem faulty(
        [&](std::string_view call, std::size_t) { return call == "exchange" ? error : 0; });
    Staging staging(out_, true, {}, [&](const fs::path& folder) {
      if (folder != out_) throw Error(ErrorCode::input, "It is not proven.");
    });
    write_output(staging.folder(), "new");
    expect_error(
        ErrorCode::input, [&] { staging.publish(true); }, "not proven");
    EXPECT_EQ(state_of(out_), "old");
  }
}

TEST_F(StagingTest, ReplacesFileByFileWhereAFolderCannotBeRenamed) {
  bake_output(out_, "old", false, false);
  write_text(out_ / "surplus", "of the old one");
  const FaultySystem overlay([&](std::string_view call, std::size_t) {
    return call == "exchange" || (call == "rename" && !is_there(folder_ / ".OUT.replaced") &&
                                  is_there(out_ / "bake.json"))
               ? EXDEV
               : 0;
  });
  bake_output(out_, "new", true, true);
  expect_only_output("new");
  EXPECT_FALSE(is_there(out_ / "surplus"));
}

TEST_F(StagingTest, PutsAReplacedOutputBack) {
  bake_output(folder_ / ".OUT.replaced", "old", false, false);
  expect_refused(ErrorCode::input, out_, false, "--overwrite");
  expect_only_output("old");

  bake_output(folder_ / ".OUT.replaced", "older", false, false);
  bake_output(out_, "new", true, false);
  expect_only_output("new");
}

TEST_F(StagingTest, ReplacesWhereNamesCannotBeExchanged) {
  bake_output(out_, "old", false, false);
  const FaultySystem faulty(fail_every("exchange", EINVAL));
  bake_output(out_, "new", true, true);
  expect_only_output("new");
}

TEST_F(StagingTest, KnowsTooLittleSpace) {
  Staging staging(out_, false);
  EXPECT_NO_THROW(staging.require_space(1 << 12));
  expect_error(
      ErrorCode::environment, [&] { staging.require_space(1ULL << 62); }, out_.string(),
      "4611686018427387904");
}

// Reported by some file systems that grow with their content.
TEST_F(StagingTest, DoesNotTrustASizeOfZero) {
  struct NoSize final : SystemCalls {
    int statvfs(const char*, struct statvfs* status) override { return *status = {}, 0; }
  } no_size;
  Staging staging(out_, false);
  const ReplacedSystemCalls replaced(no_size);
  EXPECT_NO_THROW(staging.require_space(1 << 20));
}

}  // namespace
}  // namespace ovbake
