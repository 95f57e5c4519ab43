#include <map>

#include "base/error.hpp"
#include "tokenizer/added_tokens.hpp"
#include "tokenizer/base64.hpp"
#include "tokenizer/byte_level.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/pcre2_pattern.hpp"
#include "tokenizer/regex.hpp"
#include "tokenizer/step_pattern.hpp"
#include "tokenizer/text_operations.hpp"
#include "tokenizer/unicode_forms.hpp"
#include "tokenizer/unicode_tables.hpp"

namespace ovbake {
namespace {

/// The room that RegexNormalization has for its result, in lengths of the text.
constexpr std::size_t kMaxGrowth = 4;

TextOperations form(const Json& step) { return unicode_form(text_of(step, "type")); }

TextOperations lowercase(const Json&) { return {lowercase_map()}; }

TextOperations strip(const Json& step) {
  TextOperations operations;
  if (flag_of(step, "strip_left", true)) {
    operations.push_back(Replacement{fmt::format("\\A{}+", kWhitespace), "", false});
  }
  if (flag_of(step, "strip_right", true)) {
    operations.push_back(Replacement{fmt::format("(?<!{0}){0}++\\z", kWhitespace), "", false});
  }
  return operations;
}

/// Removes the members of a class, all of which PCRE2 takes for marks but the two that it is asked
/// for: that is quicker than to look through the class for every character.
Replacement without_marks(std::string_view members) {
  return {fmt::format(R"((?:(?=[\p{{M}}\x{{1CF2}}\x{{1CF3}}])[{}])++)", members), ""};
}

TextOperations strip_accents(const Json&) { return {without_marks(kStrippedAccents)}; }

/// An empty text stays empty.
TextOperations prepend(const Json& step) {
  return {Replacement{R"(\A(?=[\s\S]))", literal_replacement(text_of(step, "prepend")), false}};
}

TextOperations replace(const Json& step) {
  const std::string pattern = pattern_of(step), content = text_of(step, "content");
  const PatternFacts facts = facts_of(pattern);
  if (facts.matches_empty) refuse_step(step, "its pattern may match the empty string");
  if (content.size() <= kMaxGrowth * facts.min_length) {
    return {Replacement{pattern, literal_replacement(content)}};
  }
  if (!step["pattern"].contains("String") || content.find('\0') != content.npos) {
    refuse_step(step, "it makes the text more than four times as long");
  }
  return {CharsMap{{text_of(step["pattern"], "String"), content}}};
}

TextOperations precompiled(const Json& step) {
  return {PrecompiledCharsMap{from_base64(text_of(step, "precompiled_charsmap"))}};
}

/// SentencePiece's own treatment of white space and controls.
TextOperations nmt(const Json&) {
  return {
      Replacement{R"([\x01-\x08\x0B\x0E-\x1F\x7F\x{8F}\x{9F}])", ""},
      Replacement{R"([\t\n\f\r\x{1680}\x{200B}-\x{200F}\x{2028}\x{2029}\x{2581}\x{FEFF}\x{FFFD}])",
                  " "}};
}

TextOperations byte_level(const Json&) { return bytes_as_letters(); }

/// The steps of BERT's own normalizer, in its order.
TextOperations bert(const Json& step) {
  TextOperations operations;
  if (flag_of(step, "clean_text", true)) {
    operations = {
        Replacement{fmt::format(R"([\x00-\x08\x0B\x0C\x0E-\x1F\x7F{}])", kControlsOfBert), ""},
        Replacement{std::string(kWhitespace), " "}};
  }
  if (flag_of(step, "handle_chinese_chars", true)) {
    operations.push_back(Replacement{R"([\x{4E00}-\x{9FFF}\x{3400}-\x{4DBF}\x{20000}-\x{2A6DF})"
                                     R"(\x{2A700}-\x{2B73F}\x{2B740}-\x{2B81F}\x{2B920}-\x{2CEAF})"
                                     R"(\x{F900}-\x{FAFF}\x{2F800}-\x{2FA1F}])",
                                     " $0 "});
  }
  const bool lower = flag_of(step, "lowercase", true);
  if (flag_of(step, "strip_accents", lower)) {
    append(operations, unicode_form("NFD"));
    operations.push_back(without_marks(kMarksOfBert));
  }
  if (lower) append(operations, lowercase(step));
  return operations;
}

using Step = TextOperations (*)(const Json&);

const std::map<std::string, Step, std::less<>> kSteps{
    {"NFC", form},
    {"NFD", form},
    {"NFKC", form},
    {"NFKD", form},
    {"Lowercase", lowercase},
    {"Strip", strip},
    {"StripAccents", strip_accents},
    {"Prepend", prepend},
    {"Replace", replace},
    {"Precompiled", precompiled},
    {"Nmt", nmt},
    {"ByteLevel", byte_level},
    {"BertNormalizer", bert},
};

TextOperations operations_of(const TokenizerDescription& tokenizer) {
  TextOperations operations;
  for (const Json& step : tokenizer.normalizers) {
    const auto found = kSteps.find(text_of(step, "type"));
    if (found == kSteps.end()) refuse_step(step, "no operation does what it does");
    append(operations, found->second(step));
  }
  return operations;
}

}  // namespace

void normalize_added_tokens(TokenizerDescription& tokenizer) {
  const TextOperations operations = operations_of(tokenizer);
  for (AddedToken& token : tokenizer.added_tokens) {
    token.looked_for = token.normalized ? run(operations, token.content) : token.content;
  }
}

Pieces normalize(const TokenizerDescription& tokenizer, const Strings& text) {
  Pieces pieces = one_piece_a_row(text);
  pieces.skips = none_of(text);
  pieces = run(operations_of(tokenizer), split_given_text(tokenizer, pieces));
  return split_normalized_text(tokenizer, std::move(pieces));
}

void refuse_step(const Json& step, std::string_view why) {
  throw input_error("the tokenizer's step {} cannot be converted: {}", step.dump().substr(0, 200),
                    why);
}

}  // namespace ovbake
