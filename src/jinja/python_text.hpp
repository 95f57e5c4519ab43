// What Python's str can do, with texts in UTF-8 and lengths in characters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ovbake::jinja {

/// Python's str.isspace() of one character.
bool is_space(char32_t character);

/// `text` without those characters at its ends that are in `characters`, or that are space.
std::string_view strip_left(std::string_view text, const std::string* characters = nullptr);
std::string_view strip_right(std::string_view text, const std::string* characters = nullptr);

std::size_t count_characters(std::string_view text);
std::vector<std::string_view> split_characters(std::string_view text);

/// At most `most` cuts, all where it is negative.
std::vector<std::string_view> split_at(std::string_view text, std::string_view separator,
                                       std::int64_t most);
std::vector<std::string_view> split_at_from_right(std::string_view text, std::string_view separator,
                                                  std::int64_t most);
std::vector<std::string_view> split_at_space(std::string_view text, std::int64_t most);
/// Without the line ends.
std::vector<std::string_view> split_lines(std::string_view text);

/// Refuse letters beyond ASCII, whose cases are not known here.
std::string lower(std::string_view text);
std::string upper(std::string_view text);
/// The first character in upper case, the others in lower case.
std::string capitalize(std::string_view text);
/// Each run of letters capitalized.
std::string title(std::string_view text);

}  // namespace ovbake::jinja
