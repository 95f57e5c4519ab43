#include "tokenizer/added_tokens.hpp"

#include <algorithm>
#include <functional>

#include <spdlog/fmt/fmt.h>

#include "tokenizer/enclosing.hpp"
#include "tokenizer/regex.hpp"

namespace ovbake {
namespace {

/// The pattern of all tokens, the longest first, with what each needs around it.
class Alternatives {
 public:
  explicit Alternatives(std::span<const AddedToken> tokens) {
    for (const AddedToken& token : tokens) {
      if (!token.looked_for.empty()) tokens_.push_back(token);
    }
    std::ranges::stable_sort(tokens_, std::ranges::greater(),
                             [](const AddedToken& token) { return token.looked_for.size(); });
    for (const AddedToken& token : tokens_) {
      if (begins_with_whitespace(token.looked_for)) spaces_.push_back(token.looked_for);
    }
  }

  std::string pattern() const {
    std::string pattern;
    for (std::size_t i = 0; i < tokens_.size();) {
      const AddedToken& first = tokens_[i];
      std::vector<std::string> texts;
      std::string longer = longer_than(first);
      do {
        texts.push_back(tokens_[i].looked_for);
      } while (++i < tokens_.size() && same_affixes(first, tokens_[i]) &&
               longer_than(tokens_[i]) == longer);
      pattern.append(pattern.empty() ? "" : "|")
          .append(alternative(first, longer + any_of_pattern(texts)));
    }
    return pattern;
  }

  /// Matches whole pieces that the pattern has cut out; group 1 is the token.
  std::string whole() const {
    std::vector<std::string> contents;
    for (const AddedToken& token : tokens_) contents.push_back(token.looked_for);
    const bool strips = std::ranges::any_of(
        tokens_, [](const AddedToken& token) { return token.lstrip || token.rstrip; });
    const std::string around = strips ? fmt::format("{}*?", kWhitespace) : "";
    return fmt::format("\\A{0}({1}){0}\\z", around, any_of_pattern(contents));
  }

 private:
  static bool same_affixes(const AddedToken& a, const AddedToken& b) {
    return a.lstrip == b.lstrip && a.rstrip == b.rstrip && a.single_word == b.single_word;
  }

  static bool begins_with_whitespace(std::string_view text) {
    static constexpr std::string_view kSpaces = " \t\n\r\v\f";
    return kSpaces.find(text[0]) != kSpaces.npos;
  }

  /// Keeps off longer tokens: white space in front is taken before the pattern sees them.
  std::string longer_than(const AddedToken& token) const {
    std::vector<std::string> longer;
    for (const AddedToken& other : tokens_) {
      if (!token.lstrip || other.looked_for.size() <= token.looked_for.size()) break;
      if (other.looked_for.starts_with(token.looked_for)) longer.push_back(other.looked_for);
    }
    return longer.empty() ? "" : fmt::format("(?!{})", any_of_pattern(longer));
  }

  /// White space that is no token itself.
  std::string whitespace() const {
    if (spaces_.empty()) return fmt::format("{}*+", kWhitespace);
    return fmt::format("(?:(?!{}){})*+", any_of_pattern(spaces_), kWhitespace);
  }

  std::string alternative(const AddedToken& affixes, std::string_view texts) const {
    const std::string before = affixes.lstrip ? whitespace() : "";
    const std::string after = affixes.rstrip ? whitespace() : "";
    if (!affixes.single_word) return fmt::format("{}({}){}", before, texts, after);
    // One that touches a word is passed over whole: nothing within it is looked for again.
    return fmt::format("{0}(?<!{3})(?:{1})(?!{3}){2}|(?:{1})(*SKIP)(*FAIL)", before, texts, after,
                       kWordCharacter);
  }

  std::vector<AddedToken> tokens_;
  std::vector<std::string> spaces_;
};

std::vector<AddedToken> tokens_where(const TokenizerDescription& tokenizer, bool normalized) {
  std::vector<AddedToken> chosen;
  for (const AddedToken& token : tokenizer.added_tokens) {
    if (token.normalized == normalized) chosen.push_back(token);
  }
  return chosen;
}

Pieces cut_out(const std::vector<AddedToken>& tokens, Pieces pieces) {
  const Alternatives alternatives(tokens);
  const std::string pattern = alternatives.pattern();
  if (pattern.empty()) return pieces;
  const AddedToken& first = tokens.front();
  if (first.piece == first.looked_for) return special_tokens_split(pieces, pattern);
  pieces = regex_split(with_spare_character(std::move(pieces)), pattern, SplitBehaviour::isolate);
  const bool normalized = first.piece == enclosed_when_normalized(first.looked_for);
  return enclose(std::move(pieces), alternatives.whole(),
                 normalized ? enclosed_when_normalized("$1") : enclosed("$1"));
}

}  // namespace

std::string added_tokens_pattern(std::span<const AddedToken> tokens) {
  return Alternatives(tokens).pattern();
}

Pieces split_given_text(const TokenizerDescription& tokenizer, const Pieces& pieces) {
  return cut_out(tokens_where(tokenizer, false), pieces);
}

Pieces split_normalized_text(const TokenizerDescription& tokenizer, Pieces pieces) {
  return cut_out(tokens_where(tokenizer, true), std::move(pieces));
}

}  // namespace ovbake
