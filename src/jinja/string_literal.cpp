#include "jinja/string_literal.hpp"

#include <algorithm>
#include <charconv>

#include "base/utf8.hpp"
#include "jinja/fault.hpp"

namespace ovbake::jinja {
namespace {

/// What follows a backslash and stands for one character by itself.
constexpr std::string_view kEscapes = "\\'\"abfnrtv";
constexpr std::string_view kMeanings = "\\'\"\a\b\f\n\r\t\v";

/// Takes the character that the first `digits` digits of `rest` are the number of.
char32_t take_code(std::string_view& rest, std::size_t digits, int base) {
  std::uint32_t code = 0;
  const char* end = rest.data() + std::min(digits, rest.size());
  const auto read = std::from_chars(rest.data(), end, code, base);
  const auto used = static_cast<std::size_t>(read.ptr - rest.data());
  if (base == 16 && used != digits) throw Fault("a string has an escape of too few digits");
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
    throw Fault("a string has an escape that is no character");
  }
  rest.remove_prefix(used);
  return code;
}

void append_escaped(std::string& meant, std::string_view& rest) {
  const char escape = rest.front();
  if (const std::size_t known = kEscapes.find(escape); known != kEscapes.npos) {
    meant += kMeanings[known];
    rest.remove_prefix(1);
  } else if (escape >= '0' && escape <= '7') {
    append_character(meant, take_code(rest, 3, 8));
  } else if (escape == 'x' || escape == 'u' || escape == 'U') {
    rest.remove_prefix(1);
    append_character(meant, take_code(rest, escape == 'x' ? 2 : escape == 'u' ? 4 : 8, 16));
  } else if (escape == '\n') {
    rest.remove_prefix(1);
  } else if (escape == 'N' || static_cast<signed char>(escape) < 0) {
    throw Fault("a string has a backslash before a character that it is not known for");
  } else {
    meant += '\\';
  }
}

}  // namespace

std::string unescape(std::string_view literal) {
  std::string meant;
  while (!literal.empty()) {
    const char c = literal.front();
    if (c != '\\') meant += c;
    literal.remove_prefix(1);
    if (c == '\\') append_escaped(meant, literal);
  }
  return meant;
}

}  // namespace ovbake::jinja
