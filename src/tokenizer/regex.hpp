// Patterns: tokenizer.json's are for Oniguruma in Ruby's syntax, the operations run PCRE2 with UTF
// and UCP. What the two read differently is written out here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ovbake {

/// Unicode's White_Space as members of a class: PCRE2's own \s also takes U+180E.
inline constexpr std::string_view kWhitespaceMembers =
    R"(\x09-\x0D\x20\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000})";
inline constexpr std::string_view kWhitespace =
    R"([\x09-\x0D\x20\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}])";

/// What Rust's \w takes: alphabetic characters, marks, decimal digits, connectors and joiners.
inline constexpr std::string_view kWordCharacter =
    R"([\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\x{200C}\x{200D}\x{24B6}-\x{24E9}\x{1F130}-\x{1F149})"
    R"(\x{1F150}-\x{1F169}\x{1F170}-\x{1F189}])";

/// A pattern that matches exactly `text`.
std::string literal_pattern(std::string_view text);

/// A pattern that matches any of `texts`, which begin alike only once in it.
std::string any_of_pattern(std::vector<std::string> texts);

/// The PCRE2 pattern that matches what Oniguruma matches with `pattern`. Throws an input error
/// where there is none, or where PCRE2 does not take the result.
std::string to_pcre2(std::string_view pattern);

/// A replacement that inserts `text` as it stands. Throws an input error for a backslash before a
/// digit, which the operation cannot be kept from taking for a group.
std::string literal_replacement(std::string_view text);

}  // namespace ovbake
