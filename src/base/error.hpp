// One error type for the whole library (ovbake::Error, which is public), made by one function
// for each kind. A message is one sentence: what is wrong, where, and what to do about it. What a
// terminal would obey in it is escaped, since messages repeat the words of strangers.
#pragma once

#include <utility>

#include <spdlog/fmt/fmt.h>

#include <ovbake/error.hpp>

#include "base/text.hpp"

namespace ovbake {

/// An option or argument that makes no sense (exit status 2).
template <typename... Args>
Error usage_error(fmt::format_string<Args...> format, Args&&... args) {
  return {ErrorCode::usage, printable(fmt::format(format, std::forward<Args>(args)...))};
}

/// A checkpoint, config or tokenizer that cannot be baked (exit status 3).
template <typename... Args>
Error input_error(fmt::format_string<Args...> format, Args&&... args) {
  return {ErrorCode::input, printable(fmt::format(format, std::forward<Args>(args)...))};
}

/// A disk, permission or device that does not play along (exit status 4).
template <typename... Args>
Error environment_error(fmt::format_string<Args...> format, Args&&... args) {
  return {ErrorCode::environment, printable(fmt::format(format, std::forward<Args>(args)...))};
}

/// An output that is not what it claims to be (exit status 5).
template <typename... Args>
Error verification_error(fmt::format_string<Args...> format, Args&&... args) {
  return {ErrorCode::verification, printable(fmt::format(format, std::forward<Args>(args)...))};
}

}  // namespace ovbake
