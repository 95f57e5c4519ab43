// What the library throws.
#pragma once

#include <stdexcept>
#include <string>

namespace ovbake {

/// What kind of failure it was; the value is the exit status of the command line.
enum class ErrorCode {
  usage = 2,         ///< An option or argument that makes no sense.
  input = 3,         ///< A checkpoint or output folder that is not what was expected.
  environment = 4,   ///< Disk, permissions, memory, devices.
  verification = 5,  ///< The result is not what it claims to be.
  interrupted = 130  ///< Progress asked to stop.
};

class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace ovbake
