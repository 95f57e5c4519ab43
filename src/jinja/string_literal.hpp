// The escapes in a string of a template, which are Python's.
#pragma once

#include <string>
#include <string_view>

namespace ovbake::jinja {

/// What `literal`, without its quotes, stands for.
std::string unescape(std::string_view literal);

}  // namespace ovbake::jinja
