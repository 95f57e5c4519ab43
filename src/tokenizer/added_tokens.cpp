#include "tokenizer/added_tokens.hpp"

#include <algorithm>
#include <functional>

#include <spdlog/fmt/fmt.h>

#include "base/utf8.hpp"
#include "tokenizer/charsmap.hpp"
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

/// Alternatives for `added_tokens_pattern`, without the group around them.
std::string alternatives(std::vector<AddedToken> tokens) {
  std::erase_if(tokens, [](const AddedToken& token) { return token.content.empty(); });
  std::ranges::stable_sort(tokens, std::ranges::greater(),
                           [](const AddedToken& token) { return token.content.size(); });
  std::string pattern;
  for (std::size_t i = 0; i < tokens.size();) {
    const AddedToken& first = tokens[i];
    std::string texts = literal_pattern(first.content);
    while (++i < tokens.size() && same_affixes(first, tokens[i])) {
      texts.append("|").append(literal_pattern(tokens[i].content));
    }
    pattern.append(pattern.empty() ? "" : "|").append(alternative(first, texts));
  }
  return pattern;
}

bool looks_at_normalized_text(const TokenizerDescription& tokenizer, const AddedToken& token) {
  return token.normalized && !tokenizer.normalizers.empty();
}

std::vector<AddedToken> tokens_where(const TokenizerDescription& tokenizer, bool normalized) {
  std::vector<AddedToken> chosen;
  for (AddedToken token : tokenizer.added_tokens) {
    if (looks_at_normalized_text(tokenizer, token) != normalized) continue;
    token.content = text_of_added_token(tokenizer, token);
    chosen.push_back(std::move(token));
  }
  return chosen;
}

std::string normalized(const TokenizerDescription& tokenizer, std::string text) {
  for (const Json& step : tokenizer.normalizers) {
    if (is_step(step, "Prepend")) {
      text = text_of(step, "prepend") + text;
    } else if (is_step(step, "Replace") && step["pattern"].contains("String")) {
      text = replace_all(text, text_of(step["pattern"], "String"), text_of(step, "content"));
    } else if (is_step(step, "Lowercase")) {
      std::string lower;
      for (std::string_view rest = text; !rest.empty();) {
        const std::string one(rest.substr(0, character_bytes(rest[0])));
        const auto found = lowercase_map().find(one);
        lower.append(found == lowercase_map().end() ? one : found->second);
        rest.remove_prefix(one.size());
      }
      text = lower;
    }
  }
  return text;
}

}  // namespace

std::string added_tokens_pattern(std::span<const AddedToken> tokens) {
  const std::string any = alternatives({tokens.begin(), tokens.end()});
  return any.empty() ? any : fmt::format("(?|{})", any);
}

Pieces split_given_text(const TokenizerDescription& tokenizer, const Pieces& pieces) {
  const std::string pattern = added_tokens_pattern(tokens_where(tokenizer, false));
  return pattern.empty() ? pieces : special_tokens_split(pieces, pattern);
}

Pieces split_normalized_text(const TokenizerDescription& tokenizer, Pieces pieces) {
  const std::string here = alternatives(tokens_where(tokenizer, true));
  if (here.empty()) return pieces;
  // The operation cannot be cloned with skips as input. Without them it has to find again, as whole
  // pieces, what was cut out before.
  pieces.skips.reset();
  std::vector<std::string> before;
  for (const AddedToken& token : tokens_where(tokenizer, false)) before.push_back(token.content);
  const std::string again =
      before.empty() ? "" : fmt::format("\\A({})\\z|", any_of_pattern(before));
  return special_tokens_split(pieces, fmt::format("(?|{}{})", again, here));
}

std::string text_of_added_token(const TokenizerDescription& tokenizer, const AddedToken& token) {
  if (!looks_at_normalized_text(tokenizer, token)) return token.content;
  return normalized(tokenizer, token.content);
}

}  // namespace ovbake
