// A template's text as statements.
#pragma once

#include <string_view>

#include "jinja/syntax.hpp"

namespace ovbake::jinja {

/// Throws a Fault for what is no template or not supported; `line` is where it is.
Body parse(std::string_view source, std::size_t& line);

}  // namespace ovbake::jinja
