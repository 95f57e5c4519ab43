// What is wrong with a template or with what it does. ChatTemplate adds the file and the line.
#pragma once

#include <stdexcept>
#include <utility>

#include <spdlog/fmt/fmt.h>

namespace ovbake::jinja {

struct Fault : std::runtime_error {
  template <typename... Args>
  explicit Fault(fmt::format_string<Args...> format, Args&&... args)
      : std::runtime_error(fmt::format(format, std::forward<Args>(args)...)) {}
};

}  // namespace ovbake::jinja
