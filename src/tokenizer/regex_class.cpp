#include "tokenizer/regex_class.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "tokenizer/regex.hpp"

namespace ovbake {
namespace {

constexpr int kMaxDepth = 32;

/// Everything but White_Space, as members of a class.
constexpr std::string_view kNotWhitespaceMembers =
    R"(\x00-\x08\x0E-\x1F\x21-\x{84}\x{86}-\x{9F}\x{A1}-\x{167F}\x{1681}-\x{1FFF}\x{200B}-\x{2027})"
    R"(\x{202A}-\x{202E}\x{2030}-\x{205E}\x{2060}-\x{2FFF}\x{3001}-\x{D7FF}\x{E000}-\x{10FFFF})";
constexpr std::string_view kWordMembers = R"(\p{L}\p{M}\p{Nd}\p{Pc})";

/// One operand of &&: members side by side, and parts that are patterns for one character.
struct Union {
  std::string members;
  std::vector<std::string> parts;

  std::string pattern() const {
    std::vector<std::string> all = parts;
    if (!members.empty()) all.push_back("[" + members + "]");
    if (all.empty()) return "(?!)";
    if (all.size() == 1) return all[0];
    return fmt::format("(?:{})", fmt::join(all, "|"));
  }
};

char take(std::string_view& pattern) {
  if (pattern.empty()) throw input_error("a character class is not closed");
  const char c = pattern.front();
  pattern.remove_prefix(1);
  return c;
}

/// One character as it may stand in a class of PCRE2.
std::string take_member(std::string_view& pattern) {
  if (pattern.empty()) throw input_error("a character class is not closed");
  if (pattern.front() == '\\') {
    pattern.remove_prefix(1);
    return take_escape(pattern);
  }
  return fmt::format("\\x{{{:X}}}", static_cast<std::uint32_t>(take_character(pattern)));
}

std::string take_class(std::string_view& pattern, int depth);

/// A class within a class: POSIX brackets pass, plain classes give their members.
void take_nested(std::string_view& pattern, Union& into, int depth) {
  if (pattern.starts_with("[:")) {
    const std::size_t end = pattern.find(":]");
    if (end == pattern.npos) throw input_error("a POSIX bracket is not closed");
    into.members.append(pattern.substr(0, end + 2));
    pattern.remove_prefix(end + 2);
    return;
  }
  into.parts.push_back(take_class(pattern, depth + 1));
}

void take_item(std::string_view& pattern, Union& into, int depth) {
  if (pattern.front() == '[') return take_nested(pattern, into, depth);
  if (pattern.front() == '\\' && pattern.size() > 1) {
    const std::string_view members = members_of_escape(pattern[1]);
    if (!members.empty()) {
      into.members.append(members);
      pattern.remove_prefix(2);
      return;
    }
    if (pattern[1] == 'W' || pattern[1] == 'H') {
      const char lower = static_cast<char>(std::tolower(pattern[1]));
      into.parts.push_back(fmt::format("[^{}]", members_of_escape(lower)));
      pattern.remove_prefix(2);
      return;
    }
  }
  into.members.append(take_member(pattern));
  if (pattern.size() > 1 && pattern[0] == '-' && pattern[1] != ']' && pattern[1] != '[') {
    pattern.remove_prefix(1);
    into.members.append("-").append(take_member(pattern));
  }
}

std::string negated(const Union& set) {
  if (set.parts.empty() && !set.members.empty()) return "[^" + set.members + "]";
  return fmt::format("(?:(?!{})[\\x00-\\x{{10FFFF}}])", set.pattern());
}

/// Nested classes that are plain lists join their parent's members, so that most come out as one.
void merge_plain_parts(Union& set) {
  std::erase_if(set.parts, [&](const std::string& part) {
    const bool plain = part.starts_with('[') && !part.starts_with("[^") && part.ends_with(']');
    if (plain) set.members.append(part, 1, part.size() - 2);
    return plain;
  });
}

std::string take_class(std::string_view& pattern, int depth) {
  if (depth > kMaxDepth) throw input_error("classes are nested deeper than {}", kMaxDepth);
  take(pattern);
  const bool negate = pattern.starts_with('^');
  if (negate) take(pattern);
  std::vector<Union> operands(1);
  if (pattern.starts_with(']')) operands.back().members.append(take_member(pattern));
  while (!pattern.starts_with(']')) {
    if (pattern.empty()) throw input_error("a character class is not closed");
    if (pattern.starts_with("&&")) {
      pattern.remove_prefix(2);
      operands.emplace_back();
    } else {
      take_item(pattern, operands.back(), depth);
    }
  }
  take(pattern);
  for (Union& operand : operands) merge_plain_parts(operand);
  if (operands.size() == 1) return negate ? negated(operands[0]) : operands[0].pattern();
  std::string all = "(?:";
  for (std::size_t i = 0; i + 1 < operands.size(); ++i) {
    all += fmt::format("(?={})", operands[i].pattern());
  }
  all += operands.back().pattern() + ")";
  return negate ? negated({.members = "", .parts = {all}}) : all;
}

std::string take_hexadecimal(std::string_view& pattern, std::size_t max_digits) {
  std::string digits;
  while (digits.size() < max_digits && !pattern.empty() &&
         std::isxdigit(std::uint8_t(pattern[0]))) {
    digits.push_back(take(pattern));
  }
  if (digits.empty()) throw input_error("an escape lacks its hexadecimal digits");
  return fmt::format("\\x{{{}}}", digits);
}

std::string take_braces(std::string_view& pattern) {
  const std::size_t end = pattern.find('}');
  if (!pattern.starts_with('{') || end == pattern.npos) {
    throw input_error("\\p, \\P or \\x lacks its braces");
  }
  std::string inside(pattern.substr(1, end - 1));
  pattern.remove_prefix(end + 1);
  return inside;
}

}  // namespace

std::string take_class(std::string_view& pattern) { return take_class(pattern, 0); }

std::string_view members_of_escape(char letter) {
  switch (letter) {
    case 's':
      return kWhitespaceMembers;
    case 'S':
      return kNotWhitespaceMembers;
    case 'd':
      return R"(\p{Nd})";
    case 'D':
      return R"(\P{Nd})";
    case 'w':
      return kWordMembers;
    case 'h':
      return "0-9a-fA-F";
    default:
      return {};
  }
}

std::string take_escape(std::string_view& pattern) {
  const char letter = take(pattern);
  switch (letter) {
    case 'p':
    case 'P':
      return fmt::format("\\{}{{{}}}", letter, take_braces(pattern));
    case 'x':
      if (pattern.starts_with('{')) return fmt::format("\\x{{{}}}", take_braces(pattern));
      return take_hexadecimal(pattern, 2);
    case 'u':
      return take_hexadecimal(pattern, 4);
    case 'v':
      return "\\x{0B}";
    case 'b':
      return "\\x{08}";
    case 'n':
    case 'r':
    case 't':
    case 'f':
    case 'a':
    case 'e':
      return {'\\', letter};
    default:
      if (std::isalnum(static_cast<unsigned char>(letter))) {
        throw input_error("the escape \\{} has no equivalent", letter);
      }
  }
  std::string_view rest(&letter, 1);
  if (static_cast<unsigned char>(letter) < 0x80) return literal_pattern(rest);
  return std::string(1, letter);
}

}  // namespace ovbake
