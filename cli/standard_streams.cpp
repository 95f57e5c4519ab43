#include "standard_streams.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <ovbake/error.hpp>

namespace ovbake::cli {
namespace {

bool stdout_was_open = true;

bool is_closed(int descriptor) { return ::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF; }

}  // namespace

void open_standard_streams() {
  stdout_was_open = !is_closed(STDOUT_FILENO);
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // A stdout that only can be read lets what is printed fail, as a closed one does.
    const int mode = descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY;
    if (is_closed(descriptor) && ::open("/dev/null", mode) != descriptor) {
      std::_Exit(static_cast<int>(ErrorCode::environment));
    }
  }
}

bool has_stdout() { return stdout_was_open; }

void flush_stdout() {
  errno = 0;
  const bool failed = std::ferror(stdout) != 0 || std::fflush(stdout) != 0;
  // A device that takes nothing says so of no bytes, too.
  const bool full = !failed && has_stdout() && ::write(STDOUT_FILENO, "", 0) < 0;
  if (!failed && !full) return;
  if (errno == 0) static_cast<void>(::write(STDOUT_FILENO, "", 0));
  throw Error(ErrorCode::environment,
              fmt::format("What was to be printed cannot be written to stdout: {}.",
                          errno == 0 ? "it takes no more" : std::strerror(errno)));
}

}  // namespace ovbake::cli
