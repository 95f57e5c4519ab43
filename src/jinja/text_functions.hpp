// What both a method of str and a filter do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jinja/builtin.hpp"

namespace ovbake::jinja {

/// The first `most` of `from`, all where it is negative, become `to`.
std::string replace(Budget& budget, std::string_view text, std::string_view from,
                    std::string_view to, Integer most);
std::string join(Budget& budget, const std::vector<Value>& items, std::string_view between);
/// Python's str.format() with fields {}, {0} and {name}; refuses all others.
std::string format_fields(Budget& budget, std::string_view format, const Arguments& arguments);

}  // namespace ovbake::jinja
