#include "base/system_error.hpp"

#include <cerrno>
#include <system_error>

namespace ovbake {

ErrorCode code_of_errno(int error) noexcept {
  const bool is_about_the_path = error == ENOENT || error == ENOTDIR || error == EISDIR ||
                                 error == ELOOP || error == ENAMETOOLONG || error == EINVAL;
  return is_about_the_path ? ErrorCode::input : ErrorCode::environment;
}

Error system_error(int error, std::string_view message) {
  return {code_of_errno(error),
          printable(fmt::format("{}: {}.", message, std::generic_category().message(error)))};
}

}  // namespace ovbake
