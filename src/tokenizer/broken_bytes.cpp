#include "tokenizer/broken_bytes.hpp"

#include <spdlog/fmt/fmt.h>

#include "tokenizer/charsmap.hpp"
#include "tokenizer/placeholders.hpp"

namespace ovbake {
namespace {

constexpr const char* kReplacement = "\xEF\xBF\xBD";

/// A sequence of placeholders, each given by the range of bytes it may stand for.
std::string sequence(std::initializer_list<std::pair<unsigned, unsigned>> ranges) {
  std::string pattern;
  for (const auto& [first, last] : ranges) {
    pattern += fmt::format("[{}]", placeholder_members(first, last));
  }
  return pattern;
}

/// Characters of more than one byte, by the Unicode standard's table of well-formed UTF-8.
std::string long_characters() {
  constexpr std::pair<unsigned, unsigned> next{0x80, 0xBF};
  return fmt::format(
      "{}|{}|{}|{}|{}|{}|{}|{}", sequence({{0xC2, 0xDF}, next}),
      sequence({{0xE0, 0xE0}, {0xA0, 0xBF}, next}), sequence({{0xE1, 0xEC}, next, next}),
      sequence({{0xED, 0xED}, {0x80, 0x9F}, next}), sequence({{0xEE, 0xEF}, next, next}),
      sequence({{0xF0, 0xF0}, {0x90, 0xBF}, next, next}),
      sequence({{0xF1, 0xF3}, next, next, next}),
      sequence({{0xF4, 0xF4}, {0x80, 0x8F}, next, next}));
}

/// Beginnings of three or four bytes that could go on to a character, the longest first.
std::string beginnings() {
  constexpr std::pair<unsigned, unsigned> next{0x80, 0xBF};
  return fmt::format(
      "{}|{}|{}|{}|{}|{}|{}", sequence({{0xF0, 0xF0}, {0x90, 0xBF}, next}),
      sequence({{0xF1, 0xF3}, next, next}), sequence({{0xF4, 0xF4}, {0x80, 0x8F}, next}),
      sequence({{0xE0, 0xE0}, {0xA0, 0xBF}}),
      fmt::format("[{}{}{}]{}", placeholder_members(0xE1, 0xEC), placeholder_members(0xEE, 0xEF),
                  placeholder_members(0xF1, 0xF3), sequence({next})),
      sequence({{0xED, 0xED}, {0x80, 0x9F}}),
      sequence({{0xF0, 0xF0}, {0x90, 0xBF}}) + "|" + sequence({{0xF4, 0xF4}, {0x80, 0x8F}}));
}

/// What bytes_to_text takes for NUL: bytes that no decoded token leaves side by side.
constexpr const char* kNulBytes = "\xFF\xC0\x80\xFF";

/// Placeholders → the bytes that they stand for. NUL comes last: a map can neither give nor keep
/// it.
Strings placeholders_to_bytes(const Strings& text) {
  CharsMap map;
  for (unsigned byte = 1; byte < 256; ++byte) {
    map[byte_placeholder(byte)] = std::string(1, static_cast<char>(byte));
  }
  return regex_replace(charsmap(text, compile_charsmap(map)), sequence({{0, 0}}),
                       std::string_view("\0", 1));
}

std::string without_nul(const std::string& bytes, std::string_view nul) {
  std::string text;
  for (const char byte : bytes) byte == '\0' ? text.append(nul) : text.append(1, byte);
  return text;
}

}  // namespace

std::string nul_safe_bytes(const std::string& bytes) { return without_nul(bytes, kNulBytes); }
std::string nul_safe_text(const std::string& text) {
  return without_nul(text, byte_placeholder(0));
}

Strings bytes_to_text(const Strings& bytes) {
  CharsMap map;
  for (unsigned byte = 0x80; byte < 256; ++byte) {
    map[std::string(1, static_cast<char>(byte))] = byte_placeholder(byte);
  }
  map[kNulBytes] = byte_placeholder(0);
  const std::string broken = fmt::format("(?:{})(*SKIP)(*FAIL)|{}|{}", long_characters(),
                                         beginnings(), sequence({{0x80, 0xFF}}));
  const Strings marked = charsmap(bytes, compile_charsmap(map));
  return placeholders_to_bytes(regex_replace(marked, broken, kReplacement));
}

Strings placeholders_to_text(const Strings& text) {
  const std::string any = sequence({{0, 0xFF}});
  const std::string valid =
      fmt::format("(?:{}|{})*+(?!{})", sequence({{0, 0x7F}}), long_characters(), any);
  // \G goes on behind the placeholder before: the rest of a run is as broken as its beginning.
  const std::string broken = fmt::format("(?:(?<!{0})(?!{1})|\\G(?<={0})){0}", any, valid);
  return placeholders_to_bytes(regex_replace(text, broken, kReplacement));
}

}  // namespace ovbake
