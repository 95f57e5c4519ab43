#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "base/error.hpp"
#include "tokenizer/added_tokens.hpp"
#include "tokenizer/byte_level.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/pcre2_pattern.hpp"
#include "tokenizer/regex.hpp"
#include "tokenizer/step_pattern.hpp"
#include "tokenizer/text_operations.hpp"
#include "tokenizer/unicode_tables.hpp"

namespace ovbake {
namespace {

/// The operation stops at an empty match. Cuts into what matches are not empty, and else into one
/// character and those after it where nothing matches.
Pieces split_at_empty_matches(const Json& step, const Pieces& pieces, const std::string& pattern,
                              const std::string& behaviour, const PatternFacts& facts) {
  const bool cuts_alone = facts.only_empty && !flag_of(step, "invert", false);
  if (behaviour != "Isolated" && !cuts_alone) {
    refuse_step(step, "its pattern may match the empty string");
  }
  return regex_split(
      pieces, fmt::format("(?>{0})(?!\\G)|[\\s\\S](?:(?!{0})[\\s\\S])*+", "(?:" + pattern + ")"),
      SplitBehaviour::isolate);
}

/// Every behaviour as plain isolation or removal: the operation's own merging ones lose text.
Pieces split(const Json& step, const Pieces& pieces, const std::string& pattern,
             const std::string& behaviour, bool invert) {
  const PatternFacts facts = facts_of(pattern);
  if (facts.matches_empty) return split_at_empty_matches(step, pieces, pattern, behaviour, facts);
  const std::string match = fmt::format("(?:{})", pattern);
  const std::string rest = fmt::format("(?:(?!{})[\\x00-\\x{{10FFFF}}])", match);
  if (behaviour == "Removed") {
    return regex_split(pieces, pattern,
                       invert ? SplitBehaviour::remove_rest : SplitBehaviour::remove);
  }
  if (behaviour == "Isolated") return regex_split(pieces, pattern, SplitBehaviour::isolate);
  if (behaviour == "Contiguous") return regex_split(pieces, match + "++", SplitBehaviour::isolate);
  const bool with_previous = behaviour == "MergedWithPrevious";
  if (!with_previous && behaviour != "MergedWithNext") refuse_step(step, "its behavior is unknown");
  return regex_split(pieces,
                     with_previous != invert ? fmt::format("{0}++{1}?|{1}", rest, match)
                                             : fmt::format("{1}{0}*+|{0}++", rest, match),
                     SplitBehaviour::isolate);
}

Pieces split_step(const Json& step, const Pieces& pieces) {
  return split(step, pieces, pattern_of(step), text_of(step, "behavior"),
               flag_of(step, "invert", false));
}

std::string digits_pattern(const Json& step) {
  return flag_of(step, "individual_digits", false) ? R"(\p{N})" : R"(\p{N}+)";
}

Pieces digits(const Json& step, const Pieces& pieces) {
  return regex_split(pieces, digits_pattern(step), SplitBehaviour::isolate);
}

Pieces byte_level(const Json& step, const Pieces& text) {
  Pieces pieces = text;
  if (flag_of(step, "add_prefix_space", true)) {
    pieces = regex_replace(pieces, R"(\A(?=[^ ]))", " ", false);
    pieces = with_spare_character(std::move(pieces));
  }
  if (!flag_of(step, "use_regex", true)) return pieces;
  return regex_split(pieces, to_pcre2(kGpt2Pattern), SplitBehaviour::isolate);
}

Pieces whitespace(const Json&, const Pieces& pieces) {
  return regex_split(
      pieces,
      fmt::format("{}+|(?:(?!{})[^{}])+", kWordCharacter, kWordCharacter, kWhitespaceMembers),
      SplitBehaviour::remove_rest);
}

Pieces whitespace_split(const Json&, const Pieces& pieces) {
  return regex_split(pieces, kWhitespace, SplitBehaviour::remove);
}

bool only_splits(const Json& byte_level) {
  return flag_of(byte_level, "use_regex", true) && !flag_of(byte_level, "add_prefix_space", true);
}

/// Digits and the ByteLevel behind it in one pass.
Pieces digits_and_byte_level(const Json& digits, const Pieces& pieces) {
  const std::string either =
      fmt::format("{}|{}", digits_pattern(digits), kGpt2PatternBetweenDigits);
  return regex_split(pieces, to_pcre2(either), SplitBehaviour::isolate);
}

/// Letters and numbers, which are none of it, need not be looked for in the class.
std::string punctuation_pattern() {
  return fmt::format(R"((?:(?![\p{{L}}\p{{N}}])[!-/:-@\[-`{{-~{}]))", kPunctuation);
}

Pieces punctuation(const Json& step, const Pieces& pieces) {
  const std::string behaviour = step.contains("behavior") ? text_of(step, "behavior") : "Isolated";
  return split(step, pieces, punctuation_pattern(), behaviour, false);
}

Pieces bert(const Json& step, const Pieces& pieces) {
  return regex_split(whitespace_split(step, pieces), punctuation_pattern(),
                     SplitBehaviour::isolate);
}

Pieces character_delimiter(const Json& step, const Pieces& pieces) {
  return regex_split(pieces, literal_pattern(text_of(step, "delimiter")), SplitBehaviour::remove);
}

/// "▁" for spaces, and one in front. Under "first" that one was put into the whole text already.
Pieces metaspace(const Json& step, const Pieces& text) {
  const std::string mark = text_of(step, "replacement");
  Pieces pieces = regex_replace(text, " ", literal_replacement(mark));
  if (prepend_scheme(step) == "always") {
    const std::string unmarked =
        fmt::format("\\A(?!{})(?=[\\x00-\\x{{10FFFF}}])", literal_pattern(mark));
    pieces = regex_replace(pieces, unmarked, literal_replacement(mark), false);
  }
  pieces = with_spare_character(std::move(pieces));
  if (!flag_of(step, "split", true)) return pieces;
  return regex_split(pieces, fmt::format("{0}[^{0}]*+|[^{0}]++", literal_pattern(mark)),
                     SplitBehaviour::isolate);
}

using Step = Pieces (*)(const Json&, const Pieces&);

const std::map<std::string, Step, std::less<>> kSteps{
    {"Split", split_step},
    {"Digits", digits},
    {"ByteLevel", byte_level},
    {"Whitespace", whitespace},
    {"WhitespaceSplit", whitespace_split},
    {"Punctuation", punctuation},
    {"BertPreTokenizer", bert},
    {"CharDelimiterSplit", character_delimiter},
    {"Metaspace", metaspace},
};

}  // namespace

bool is_byte_level(const TokenizerDescription& tokenizer) {
  const std::vector<Json>& steps = tokenizer.pre_tokenizers;
  return !steps.empty() && is_step(steps.back(), "ByteLevel");
}

std::string prepend_scheme(const Json& metaspace) {
  if (metaspace.contains("prepend_scheme")) return text_of(metaspace, "prepend_scheme");
  return flag_of(metaspace, "add_prefix_space", true) ? "always" : "never";
}

Strings mark_first_word(const TokenizerDescription& tokenizer, const Strings& text) {
  for (const Json& step : tokenizer.pre_tokenizers) {
    if (!is_step(step, "Metaspace") || prepend_scheme(step) != "first") continue;
    if (!tokenizer.normalizers.empty()) {
      refuse_step(step, "it marks the first word only, after a normalizer");
    }
    const std::string mark = literal_pattern(text_of(step, "replacement"));
    const std::string added = added_tokens_pattern(tokenizer.added_tokens);
    const std::string taken = added.empty() ? "" : fmt::format("|{}", added);
    return regex_replace(text, fmt::format("\\A(?! |{}{})(?=[\\x00-\\x{{10FFFF}}])", mark, taken),
                         literal_replacement(text_of(step, "replacement")), false);
  }
  return text;
}

Pieces pre_tokenize(const TokenizerDescription& tokenizer, Pieces pieces) {
  pieces = with_spare_character(std::move(pieces));
  const std::span<const Json> steps = tokenizer.pre_tokenizers;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto found = kSteps.find(text_of(steps[i], "type"));
    if (found == kSteps.end()) refuse_step(steps[i], "no operation does what it does");
    const bool before_last = i + 2 == steps.size();
    if (before_last && is_step(steps[i], "Digits") && is_step(steps.back(), "ByteLevel") &&
        only_splits(steps.back())) {
      return digits_and_byte_level(steps[i], pieces);
    }
    pieces = found->second(steps[i], pieces);
    const bool letters_seen = i + 1 < steps.size() && is_step(steps[i], "ByteLevel");
    if (letters_seen) pieces = run(bytes_as_letters(), std::move(pieces));
  }
  return pieces;
}

}  // namespace ovbake
