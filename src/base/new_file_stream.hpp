// A NewFile as a std::ostream, for libraries that write into one.
#pragma once

#include <filesystem>
#include <ostream>
#include <streambuf>
#include <vector>

#include "base/file.hpp"

namespace ovbake {

/// Gathers small writes and appends them to a file.
class NewFileBuffer : public std::streambuf {
 public:
  explicit NewFileBuffer(const std::filesystem::path& path);

 protected:
  int_type overflow(int_type character) override;
  int sync() override;
  std::streamsize xsputn(const char* bytes, std::streamsize count) override;
  /// Tells the position; the buffer cannot be moved.
  pos_type seekoff(off_type offset, std::ios_base::seekdir from, std::ios_base::openmode) override;

 private:
  void append(std::span<const char> bytes);
  void flush_buffer();

  NewFile file_;
  std::vector<char> buffer_;
  std::uint64_t written_ = 0;
};

/// Creates `path`, which must not exist. What was written is in the file after flush(). A failure
/// is the environment error of NewFile, thrown by the write that met it.
class NewFileStream : public std::ostream {
 public:
  explicit NewFileStream(const std::filesystem::path& path);

 private:
  NewFileBuffer buffer_;
};

}  // namespace ovbake
