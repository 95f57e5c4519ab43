// Errors that tell what the system said, and errors that list something.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"

namespace ovbake {

/// The class of a failed system call on a path: an input error where the path names something that
/// is not what was expected there; permission, descriptors, memory and disk are the environment's.
ErrorCode code_of_errno(int error) noexcept;

/// "{message}: {the system's word for `error`}."
Error system_error(int error, std::string_view message);

/// Text of several lines for a message: each line escaped by itself, and no more than a screen
/// has.
std::string printable_lines(std::string_view text);

/// An error of any class whose lines are a sentence and a list; what strangers named in it is
/// escaped already.
template <typename... Args>
Error error_with_list(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
  return {code, printable_lines(fmt::format(format, std::forward<Args>(args)...))};
}

}  // namespace ovbake
