// Character classes of Oniguruma: classes may hold classes, and && intersects.
#pragma once

#include <string>
#include <string_view>

namespace ovbake {

/// Removes a class from the front of `pattern`, which begins with its "[", and returns a PCRE2
/// pattern that matches one character of it. Throws an input error where it is malformed.
std::string take_class(std::string_view& pattern);

/// Members of the class that a letter stands for in "\s", "\d", "\w", "\h"; empty for other
/// letters.
std::string_view members_of_escape(char letter);

/// Removes what follows a backslash where that names one character (\n, \x41, \u0041 …) or property
/// (\p{L}) from the front of `pattern`, and returns it as PCRE2 writes it.
std::string take_escape(std::string_view& pattern);

}  // namespace ovbake
