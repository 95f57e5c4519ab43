#include "base/folder.hpp"

#include <cerrno>

#include <gmock/gmock.h>

#include "base/file.hpp"
#include "support/error_of.hpp"
#include "support/faulty_system.hpp"
#include "support/temporary_folder.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

TEST(Folder, SeesWhatIsThere) {
  const TemporaryFolder folder;
  EXPECT_FALSE(is_there(folder / "x"));
  EXPECT_FALSE(is_there(folder / "x/y"));
  make_link("nowhere", folder / "x");
  EXPECT_TRUE(is_there(folder / "x"));
  EXPECT_FALSE(is_there(folder / "x/y"));
}

TEST(Folder, RefusesNamesThatAreTaken) {
  const TemporaryFolder folder;
  make_folder(folder / "a");
  expect_error(
      ErrorCode::environment, [&] { make_folder(folder / "a"); }, "/a", "File exists");
  expect_error(
      ErrorCode::environment, [&] { make_link("x", folder / "a"); }, "/a", "File exists");
  expect_error(
      ErrorCode::environment, [&] { make_folder(folder / "b/c"); }, "/b/c", "No such file");
  expect_error(
      ErrorCode::environment, [&] { rename_path(folder / "b", folder / "c"); }, "/b", "/c");
}

TEST(RemoveTree, FollowsNoLink) {
  const TemporaryFolder folder;
  make_folder(folder / "kept");
  write_text(folder / "kept/file", "x");
  make_folder(folder / "tree");
  make_folder(folder / "tree/sub");
  write_text(folder / "tree/sub/file", "x");
  make_link("../../kept", folder / "tree/sub/folder_link");
  make_link("../kept/file", folder / "tree/file_link");
  make_link("nowhere", folder / "tree/dangling");
  remove_tree(folder / "tree");
  EXPECT_FALSE(is_there(folder / "tree"));
  EXPECT_TRUE(is_there(folder / "kept/file"));

  make_link("kept", folder / "link");
  remove_tree(folder / "link");
  EXPECT_TRUE(is_there(folder / "kept/file"));
  remove_tree(folder / "absent");
}

TEST(SyncTree, FlushesEveryFileAndFolderOnce) {
  const TemporaryFolder folder;
  make_folder(folder / "sub");
  write_text(folder / "sub/file", "x");
  write_text(folder / "file", "x");
  make_link("file", folder / "link");
  std::size_t flushed = 0;
  const FaultySystem counting([&](std::string_view call, std::size_t) {
    flushed += call == "fsync";
    return 0;
  });
  sync_tree(folder.path());
  EXPECT_EQ(flushed, 4U);
}

TEST(SyncTree, NamesWhatCannotBeFlushed) {
  const TemporaryFolder folder;
  write_text(folder / "file", "x");
  {
    const FaultySystem faulty(fail_every("fsync", EIO));
    expect_error(
        ErrorCode::environment, [&] { sync_tree(folder.path()); }, "/file", "Input/output");
  }
  expect_error(
      ErrorCode::environment, [&] { sync_tree(folder / "absent"); }, "/absent");
}

// What vfat behind FUSE, for one, answers.
TEST(SyncFolder, AcceptsThatAFileSystemHasNone) {
  const TemporaryFolder folder;
  write_text(folder / "file", "x");
  const FaultySystem faulty(fail_every("fsync", EINVAL));
  EXPECT_NO_THROW(sync_folder(folder.path()));
  EXPECT_THROW(sync_tree(folder.path()), Error);
}

}  // namespace
}  // namespace ovbake
