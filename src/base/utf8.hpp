// Characters of UTF-8 text that a JSON parser or another check has already found valid.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ovbake {

/// Bytes of the character that begins with `lead`.
constexpr std::size_t character_bytes(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// Removes the first character from `text`, which must not be empty, and returns it.
char32_t take_character(std::string_view& text);

void append_character(std::string& text, char32_t character);

/// True for text of exactly one character.
inline bool is_one_character(std::string_view text) {
  return !text.empty() && character_bytes(text[0]) == text.size();
}

std::string replace_all(std::string text, std::string_view from, std::string_view to);

/// False for overlong forms, surrogates, what lies beyond U+10FFFF and sequences that break off.
bool is_valid_utf8(std::string_view text);

}  // namespace ovbake
