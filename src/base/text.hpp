// Words of strangers, made fit for a message.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ovbake {

/// `text` with control characters and bytes that are no UTF-8 escaped, and cut where it is longer
/// than an error message should be: a hostile name can neither steer a terminal nor fill it.
std::string escape(std::string_view text);

/// `text` whole and with its line breaks, everything else escaped as escape() does.
std::string printable(std::string_view text);

/// escape(text) in double quotes.
std::string quote(std::string_view text);

/// "a; b; c", or "a; b; …; and 7 more" where there are more than ten.
std::string join_some(std::span<const std::string> items);

}  // namespace ovbake
