// Words of strangers: what they are, and how they are made fit for a message.
#pragma once

#include <cstddef>
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

/// join_some() of the items in quotes.
std::string join_quoted(std::span<const std::string> items);

/// `text` without the white space around it.
std::string trimmed(std::string_view text);

/// Whether one of the shell patterns, such as "*.mlp.*", matches all of `text`.
bool matches_any(std::span<const std::string> patterns, const std::string& text);

/// Whether `text` is so many lower-case hexadecimal digits.
bool is_hex(std::string_view text, std::size_t digits);

}  // namespace ovbake
