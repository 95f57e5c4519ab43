#include "jinja/python_text.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "jinja/fault.hpp"

namespace ovbake::jinja {
namespace {

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

bool is_stripped(std::string_view character, const std::string* characters) {
  return characters == nullptr ? is_space(take_character(character))
                               : characters->find(character) != characters->npos;
}

bool is_line_end(char32_t character) {
  return (character >= 0x0A && character <= 0x0D) || (character >= 0x1C && character <= 0x1E) ||
         character == 0x85 || character == 0x2028 || character == 0x2029;
}

void require_ascii(std::string_view text) {
  if (std::ranges::all_of(text, [](char byte) { return static_cast<signed char>(byte) >= 0; })) {
    return;
  }
  throw Fault("it changes the case of {}, which has letters beyond ASCII", quote(text));
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
char lower_letter(char c) { return is_upper(c) ? static_cast<char>(c + 32) : c; }
char upper_letter(char c) { return is_lower(c) ? static_cast<char>(c - 32) : c; }

/// `change` of every letter, which it gets with the character before it.
template <typename Change>
std::string each_letter(std::string_view text, const Change& change) {
  require_ascii(text);
  std::string changed(text);
  char before = 0;
  for (char& letter : changed) {
    letter = change(letter, before);
    before = letter;
  }
  return changed;
}

}  // namespace

bool is_space(char32_t character) {
  return (character >= 0x09 && character <= 0x0D) || (character >= 0x1C && character <= 0x20) ||
         character == 0x85 || character == 0xA0 || character == 0x1680 ||
         (character >= 0x2000 && character <= 0x200A) || character == 0x2028 ||
         character == 0x2029 || character == 0x202F || character == 0x205F || character == 0x3000;
}

std::string_view strip_left(std::string_view text, const std::string* characters) {
  while (!text.empty()) {
    const std::size_t bytes = character_bytes(text[0]);
    if (!is_stripped(text.substr(0, bytes), characters)) break;
    text.remove_prefix(bytes);
  }
  return text;
}

std::string_view strip_right(std::string_view text, const std::string* characters) {
  while (!text.empty()) {
    std::size_t begin = text.size() - 1;
    while (is_continuation(text[begin])) --begin;
    if (!is_stripped(text.substr(begin), characters)) break;
    text = text.substr(0, begin);
  }
  return text;
}

std::size_t count_characters(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, is_continuation));
}

std::vector<std::string_view> split_characters(std::string_view text) {
  std::vector<std::string_view> characters;
  while (!text.empty()) {
    characters.push_back(text.substr(0, character_bytes(text[0])));
    text.remove_prefix(characters.back().size());
  }
  return characters;
}

std::vector<std::string_view> split_at(std::string_view text, std::string_view separator,
                                       std::int64_t most) {
  std::vector<std::string_view> parts;
  for (; most != 0; --most) {
    const std::size_t at = text.find(separator);
    if (at == text.npos) break;
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + separator.size());
  }
  parts.push_back(text);
  return parts;
}

std::vector<std::string_view> split_at_from_right(std::string_view text, std::string_view separator,
                                                  std::int64_t most) {
  std::vector<std::string_view> parts;
  for (; most != 0; --most) {
    const std::size_t at = text.rfind(separator);
    if (at == text.npos) break;
    parts.push_back(text.substr(at + separator.size()));
    text = text.substr(0, at);
  }
  parts.push_back(text);
  std::ranges::reverse(parts);
  return parts;
}

std::vector<std::string_view> split_at_space(std::string_view text, std::int64_t most) {
  std::vector<std::string_view> parts;
  for (text = strip_left(text); !text.empty(); text = strip_left(text)) {
    if (most-- == 0) {
      parts.push_back(text);
      break;
    }
    std::string_view rest = text;
    while (!rest.empty()) {
      std::string_view after = rest;
      if (is_space(take_character(after))) break;
      rest = after;
    }
    parts.push_back(text.substr(0, text.size() - rest.size()));
    text = rest;
  }
  return parts;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t line_bytes = text.size() - rest.size();
    const char32_t character = take_character(rest);
    if (!is_line_end(character)) continue;
    lines.push_back(text.substr(0, line_bytes));
    if (character == '\r' && rest.starts_with('\n')) rest.remove_prefix(1);
    text = rest;
  }
  if (!text.empty()) lines.push_back(text);
  return lines;
}

std::string lower(std::string_view text) {
  return each_letter(text, [](char letter, char) { return lower_letter(letter); });
}

std::string upper(std::string_view text) {
  return each_letter(text, [](char letter, char) { return upper_letter(letter); });
}

std::string capitalize(std::string_view text) {
  std::string changed = lower(text);
  if (!changed.empty()) changed[0] = upper_letter(changed[0]);
  return changed;
}

std::string title(std::string_view text) {
  return each_letter(text, [](char letter, char before) {
    const bool inside = is_upper(before) || is_lower(before);
    return inside ? lower_letter(letter) : upper_letter(letter);
  });
}

}  // namespace ovbake::jinja
