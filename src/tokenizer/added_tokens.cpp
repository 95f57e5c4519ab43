#include "tokenizer/added_tokens.hpp"

#include <algorithm>
#include <functional>

#include <spdlog/fmt/fmt.h>

#include "tokenizer/regex.hpp"

namespace ovbake {
namespace {

bool same_affixes(const AddedToken& a, const AddedToken& b) {
  return a.lstrip == b.lstrip && a.rstrip == b.rstrip && a.single_word == b.single_word;
}

std::string alternative(const AddedToken& affixes, std::string_view texts) {
  const std::string before = affixes.lstrip ? fmt::format("{}*+", kWhitespace) : "";
  const std::string after = affixes.rstrip ? fmt::format("{}*+", kWhitespace) : "";
  if (!affixes.single_word) return fmt::format("{}({}){}", before, texts, after);
  // One that touches a word is passed over whole: nothing within it is looked for again.
  return fmt::format("{0}(?<!{3})({1})(?!{3}){2}|(?:{1})(*SKIP)(*FAIL)", before, texts, after,
                     kWordCharacter);
}

}  // namespace

std::string added_tokens_pattern(std::span<const AddedToken> tokens) {
  std::vector<AddedToken> longest_first(tokens.begin(), tokens.end());
  std::erase_if(longest_first, [](const AddedToken& token) { return token.content.empty(); });
  std::ranges::stable_sort(longest_first, std::ranges::greater(),
                           [](const AddedToken& token) { return token.content.size(); });
  std::string pattern;
  for (std::size_t i = 0; i < longest_first.size();) {
    const AddedToken& first = longest_first[i];
    std::string texts = literal_pattern(first.content);
    while (++i < longest_first.size() && same_affixes(first, longest_first[i])) {
      texts.append("|").append(literal_pattern(longest_first[i].content));
    }
    pattern.append(pattern.empty() ? "(?|" : "|").append(alternative(first, texts));
  }
  return pattern.empty() ? pattern : pattern + ")";
}

std::vector<AddedToken> added_tokens_where(std::span<const AddedToken> tokens, bool normalized) {
  std::vector<AddedToken> chosen;
  std::ranges::copy_if(tokens, std::back_inserter(chosen),
                       [=](const AddedToken& token) { return token.normalized == normalized; });
  return chosen;
}

}  // namespace ovbake
