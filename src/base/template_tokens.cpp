#include "base/template_tokens.hpp"

#include <algorithm>
#include <array>

namespace ovbake {
namespace {

constexpr std::size_t kLongestName = 64;
/// What begins and ends a string or an expression of Jinja, or cannot be part of a name.
constexpr std::string_view kOutside = "'\"{}<>+\\\n\t";

struct Brackets {
  std::string_view open, close;
};
constexpr std::array kBrackets{Brackets{"<|", "|>"}, Brackets{"<｜", "｜>"},
                               Brackets{"<start_of_", ">"}, Brackets{"<end_of_", ">"}};

/// The token that begins `text`, empty where none does.
std::string_view token_at(std::string_view text, const Brackets& brackets) {
  if (!text.starts_with(brackets.open)) return {};
  const std::size_t end = text.find(brackets.close, brackets.open.size());
  if (end == text.npos || end - brackets.open.size() > kLongestName) return {};
  const std::string_view name = text.substr(brackets.open.size(), end - brackets.open.size());
  if (name.empty() || name.find_first_of(kOutside) != name.npos) return {};
  return text.substr(0, end + brackets.close.size());
}

}  // namespace

std::vector<std::string> tokens_written_by(std::string_view chat_template) {
  std::vector<std::string> tokens;
  for (std::size_t at = chat_template.find('<'); at != chat_template.npos;
       at = chat_template.find('<', at + 1)) {
    for (const Brackets& brackets : kBrackets) {
      const std::string_view token = token_at(chat_template.substr(at), brackets);
      if (token.empty() || std::ranges::find(tokens, token) != tokens.end()) continue;
      tokens.emplace_back(token);
    }
  }
  return tokens;
}

}  // namespace ovbake
