#include "base/text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <fnmatch.h>
#include <spdlog/fmt/fmt.h>

#include "base/system_error.hpp"

namespace ovbake {
namespace {

constexpr std::size_t kMaxEscaped = 160;
constexpr std::size_t kMaxItems = 10;
/// A screen of 24 lines of 80 characters, less what stands around a message.
constexpr std::size_t kMaxMessage = 1600;
constexpr std::size_t kMaxLines = 20;
constexpr std::size_t kMaxLine = 400;

/// Whether a character ends a line, or turns the direction of what follows it.
bool steers_text(std::uint32_t code) {
  return code == 0x61c || code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

/// Bytes of the well-formed, printable UTF-8 sequence that `text` begins with; 0 where it begins
/// with none.
std::size_t printable_prefix(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  std::uint32_t code = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3f);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0xa0, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  const bool visible = !surrogate && code <= 0x10ffff && !steers_text(code);
  return code < kSmallest[length] || !visible ? 0 : length;
}

/// Takes one character off `text` and returns it, escaped where that is needed.
std::string take_escaped(std::string_view& text) {
  const std::size_t length = printable_prefix(text);
  std::string character = length == 0
                              ? fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()))
                              : std::string(text.substr(0, length));
  text.remove_prefix(std::max<std::size_t>(length, 1));
  return character;
}

std::string escape_all(std::string_view text) {
  std::string escaped;
  while (!text.empty()) escaped += take_escaped(text);
  return escaped;
}

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

/// `text` of at most `most` bytes: its beginning and its end, where what to do about it stands.
std::string without_middle(std::string text, std::size_t most) {
  constexpr std::string_view kGap = " … ";
  if (text.size() <= most) return text;
  std::size_t head = (most - kGap.size()) * 2 / 3;
  std::size_t tail = text.size() - (most - kGap.size() - head);
  while (!begins_character(text[head])) --head;
  while (tail < text.size() && !begins_character(text[tail])) ++tail;
  return fmt::format("{}{}{}", text.substr(0, head), kGap, text.substr(tail));
}

}  // namespace

std::string escape(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    if (escaped.size() >= kMaxEscaped) return escaped + "…";
    escaped += take_escaped(text);
  }
  return escaped;
}

std::string printable(std::string_view text) {
  return without_middle(escape_all(text), kMaxMessage);
}

std::string printable_lines(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(without_middle(escape_all(text.substr(begin, end - begin)), kMaxLine));
    begin = end + 1;
  }
  if (lines.size() > kMaxLines) {
    const std::size_t left_out = lines.size() - kMaxLines + 1;
    lines.resize(kMaxLines - 1);
    lines.push_back(fmt::format("  … and {} lines more", left_out));
  }
  return without_middle(fmt::format("{}", fmt::join(lines, "\n")), kMaxMessage);
}

std::string quote(std::string_view text) { return '"' + escape(text) + '"'; }

std::string join_some(std::span<const std::string> items) {
  const std::string shown =
      fmt::format("{}", fmt::join(items.first(std::min(items.size(), kMaxItems)), "; "));
  return items.size() <= kMaxItems
             ? shown
             : fmt::format("{}; and {} more", shown, items.size() - kMaxItems);
}

std::string join_quoted(std::span<const std::string> items) {
  std::vector<std::string> quoted;
  for (const std::string& item : items) quoted.push_back(quote(item));
  return join_some(quoted);
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view kWhiteSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kWhiteSpace);
  if (first == text.npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1));
}

bool matches_any(std::span<const std::string> patterns, const std::string& text) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    return ::fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
  });
}

bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == text.npos;
}

}  // namespace ovbake
