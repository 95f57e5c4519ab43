// A file that lives in memory, for parsers that read files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

namespace ovbake {

class MemoryFile {
 public:
  /// Returns a path under which `bytes` can be opened until the next call.
  const std::string& with(const std::uint8_t* bytes, std::size_t size) {
    if (::ftruncate(descriptor_, 0) != 0) std::abort();
    if (::pwrite(descriptor_, bytes, size, 0) != static_cast<ssize_t>(size)) std::abort();
    return path_;
  }

 private:
  int descriptor_ = ::memfd_create("fuzz", MFD_CLOEXEC);
  std::string path_ = "/proc/self/fd/" + std::to_string(descriptor_);
};

}  // namespace ovbake
