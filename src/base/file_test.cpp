#include "base/file.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "support/error_of.hpp"
#include "support/faulty_system.hpp"
#include "support/temporary_folder.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string content(const fs::path& path) { return read_text(path, 1 << 20); }

class FileTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  fs::path path_ = folder_ / "file";
};

TEST_F(FileTest, ReadsWhatWasWrittenAtEachOffset) {
  NewFile file = NewFile::create(path_);
  file.write(3, bytes_of("defg"));
  file.write(0, bytes_of("abc"));
  file.sync();
  EXPECT_EQ(file.path(), path_);
  EXPECT_EQ(content(path_), "abcdefg");

  const File read = File::open(path_);
  EXPECT_EQ(read.size(), 7U);
  std::array<std::byte, 3> bytes;
  read.read(2, bytes);
  EXPECT_EQ(std::memcmp(bytes.data(), "cde", 3), 0);
}

TEST_F(FileTest, NeverOpensForWritingWhatExists) {
  write_text(path_, "old");
  expect_error(
      ErrorCode::environment, [&] { NewFile::create(path_); }, path_.string(), "File exists");
  fs::create_symlink("elsewhere", folder_ / "link");
  expect_error(
      ErrorCode::environment, [&] { NewFile::create(folder_ / "link"); }, "File exists");
  EXPECT_EQ(content(path_), "old");
  EXPECT_FALSE(fs::exists(folder_ / "elsewhere"));
}

TEST_F(FileTest, GivesNewFilesTheUsersUmask) {
  const mode_t before = ::umask(027);
  write_text(path_, "");
  ::umask(before);
  EXPECT_EQ(fs::status(path_).permissions(), fs::perms{0640});
}

TEST_F(FileTest, OpensRegularFilesOnly) {
  expect_error(
      ErrorCode::input, [&] { File::open(path_); }, path_.string(), "No such file");
  expect_error(
      ErrorCode::input, [&] { File::open(folder_.path()); }, "not a regular file");
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  expect_error(
      ErrorCode::input, [&] { File::open(path_); }, "not a regular file");
  expect_error(
      ErrorCode::input, [] { File::open("/dev/zero"); }, "not a regular file");
}

TEST_F(FileTest, TellsAFileThatShrank) {
  write_text(path_, "0123456789");
  const File file = File::open(path_);
  fs::resize_file(path_, 4);
  std::array<std::byte, 8> bytes;
  expect_error(
      ErrorCode::input, [&] { file.read(0, bytes); }, path_.string(), "ends at byte 4", "10 bytes");
}

TEST_F(FileTest, PreallocatesBlocksAndLength) {
  NewFile file = NewFile::create(path_);
  file.preallocate(0);
  file.preallocate(1 << 20);
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_size, 1 << 20);
  EXPECT_GE(status.st_blocks * 512, 1 << 20);
}

TEST_F(FileTest, PreallocatesLengthAloneWhereBlocksCannotBe) {
  NewFile file = NewFile::create(path_);
  const FaultySystem faulty(fail_every("fallocate", EOPNOTSUPP));
  file.preallocate(1 << 20);
  EXPECT_EQ(fs::file_size(path_), 1U << 20);
}

TEST_F(FileTest, RefusesTextThatIsTooLong) {
  write_text(path_, "12345");
  EXPECT_EQ(read_text(path_, 5), "12345");
  expect_error(
      ErrorCode::input, [&] { read_text(path_, 4); }, path_.string(), "5 bytes", "4");
}

TEST_F(FileTest, FinishesShortReadsAndWrites) {
  const FaultySystem faulty([](auto, auto) { return 0; }, 3);
  write_text(path_, "0123456789");
  EXPECT_EQ(content(path_), "0123456789");
  EXPECT_GE(faulty.calls(), 8U);
}

TEST_F(FileTest, GoesOnAfterAnInterruption) {
  const FaultySystem faulty(
      [](auto call, auto number) { return call != "close" && number % 2 == 0 ? EINTR : 0; });
  NewFile file = NewFile::create(path_);
  file.preallocate(4);
  file.write(0, bytes_of("0123"));
  file.sync();
  EXPECT_EQ(content(path_), "0123");
}

/// The calls that a fault of the machine can hit, and what is done to a file.
TEST_F(FileTest, NamesTheFileInEveryFault) {
  write_text(path_, "0123");
  const File readable = File::open(path_);
  NewFile writable = NewFile::create(folder_ / "new");
  std::array<std::byte, 4> bytes;
  const auto refused = [&](std::string call, int error, const auto& action, const fs::path& path) {
    SCOPED_TRACE(call);
    const FaultySystem faulty(fail_every(call, error));
    expect_error(ErrorCode::environment, action, path.string(),
                 std::generic_category().message(error));
  };
  refused(
      "open", EMFILE, [&] { File::open(path_); }, path_);
  refused(
      "open", EIO, [&] { File::open(path_); }, path_);
  refused(
      "open", EROFS, [&] { NewFile::create(folder_ / "x"); }, folder_ / "x");
  refused(
      "pread", EIO, [&] { readable.read(0, bytes); }, path_);
  for (const int error : {ENOSPC, EDQUOT, EIO, EFBIG}) {
    refused(
        "pwrite", error, [&] { writable.write(0, bytes); }, folder_ / "new");
    refused(
        "fallocate", error, [&] { writable.preallocate(4); }, folder_ / "new");
    refused(
        "fsync", error, [&] { writable.sync(); }, folder_ / "new");
  }
}

TEST_F(FileTest, SaysWhereADiskTookNoMore) {
  struct NoMore final : SystemCalls {
    ssize_t pwrite(int, const void*, std::size_t, off_t) override { return 0; }
  } no_more;
  const ReplacedSystemCalls replaced(no_more);
  expect_error(
      ErrorCode::environment, [&] { write_text(path_, "x"); }, path_.string(), "byte 0");
}

// A real refusal of the kernel: EFBIG past RLIMIT_FSIZE.
TEST_F(FileTest, MeetsTheLimitOfTheProcess) {
  ::signal(SIGXFSZ, SIG_IGN);
  struct rlimit before {};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const struct rlimit small { 4096, before.rlim_max };
  ::setrlimit(RLIMIT_FSIZE, &small);
  expect_error(
      ErrorCode::environment, [&] { write_text(path_, std::string(5000, 'x')); }, path_.string(),
      "byte 4096", "File too large");
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, SIG_DFL);
}

TEST_F(FileTest, VisitsAFileInPieces) {
  const std::string text(2'500'000, 'x');
  write_text(path_, text);
  std::string visited;
  for_each_piece(File::open(path_), [&](std::span<const std::byte> piece) {
    visited.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  });
  EXPECT_EQ(visited, text);
}

}  // namespace
}  // namespace ovbake
