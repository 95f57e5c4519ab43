#include <map>

#include "base/error.hpp"
#include "tokenizer/added_tokens.hpp"
#include "tokenizer/base64.hpp"
#include "tokenizer/charsmap.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/regex.hpp"
#include "tokenizer/step_pattern.hpp"

namespace ovbake {
namespace {

Pieces unicode_form(const Json& step, Pieces pieces) {
  return normalize_unicode(std::move(pieces), text_of(step, "type"));
}

Pieces lowercase(const Json&, Pieces pieces) {
  return charsmap(std::move(pieces), compile_charsmap(lowercase_map()));
}

Pieces strip(const Json& step, Pieces pieces) {
  if (flag_of(step, "strip_left", true)) {
    pieces = regex_replace(std::move(pieces), fmt::format("\\A{}+", kWhitespace), "", false);
  }
  if (flag_of(step, "strip_right", true)) {
    pieces =
        regex_replace(std::move(pieces), fmt::format("(?<!{0}){0}++\\z", kWhitespace), "", false);
  }
  return pieces;
}

Pieces strip_accents(const Json&, Pieces pieces) {
  return regex_replace(std::move(pieces), R"(\p{M}+)", "");
}

/// An empty text stays empty.
Pieces prepend(const Json& step, Pieces pieces) {
  return regex_replace(std::move(pieces), R"(\A(?=[\s\S]))",
                       literal_replacement(text_of(step, "prepend")), false);
}

Pieces replace(const Json& step, Pieces pieces) {
  return regex_replace(std::move(pieces), pattern_of(step),
                       literal_replacement(text_of(step, "content")));
}

Pieces precompiled(const Json& step, Pieces pieces) {
  return charsmap(std::move(pieces), from_base64(text_of(step, "precompiled_charsmap")));
}

/// The steps of BERT's own normalizer, in its order.
Pieces bert(const Json& step, Pieces pieces) {
  if (flag_of(step, "clean_text", true)) {
    pieces =
        regex_replace(std::move(pieces), R"([\x00\x{FFFD}]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}])", "");
    pieces = regex_replace(std::move(pieces), kWhitespace, " ");
  }
  if (flag_of(step, "handle_chinese_chars", true)) {
    pieces = regex_replace(std::move(pieces),
                           R"([\x{4E00}-\x{9FFF}\x{3400}-\x{4DBF}\x{20000}-\x{2A6DF})"
                           R"(\x{2A700}-\x{2B73F}\x{2B740}-\x{2B81F}\x{2B920}-\x{2CEAF})"
                           R"(\x{F900}-\x{FAFF}\x{2F800}-\x{2FA1F}])",
                           " $0 ");
  }
  const bool lower = flag_of(step, "lowercase", true);
  if (flag_of(step, "strip_accents", lower)) {
    pieces = regex_replace(normalize_unicode(std::move(pieces), "NFD"), R"(\p{Mn}+)", "");
  }
  return lower ? lowercase(step, std::move(pieces)) : pieces;
}

using Step = Pieces (*)(const Json&, Pieces);

const std::map<std::string, Step, std::less<>> kSteps{
    {"NFC", unicode_form},           {"NFD", unicode_form},    {"NFKC", unicode_form},
    {"NFKD", unicode_form},          {"Lowercase", lowercase}, {"Strip", strip},
    {"StripAccents", strip_accents}, {"Prepend", prepend},     {"Replace", replace},
    {"Precompiled", precompiled},    {"BertNormalizer", bert},
};

}  // namespace

Pieces normalize(const TokenizerDescription& tokenizer, const Strings& text) {
  Pieces pieces = split_given_text(tokenizer, one_piece_a_row(text));
  for (const Json& step : tokenizer.normalizers) {
    const auto found = kSteps.find(text_of(step, "type"));
    if (found == kSteps.end()) refuse_step(step, "no operation does what it does");
    pieces = found->second(step, std::move(pieces));
  }
  return split_normalized_text(tokenizer, std::move(pieces));
}

void refuse_step(const Json& step, std::string_view why) {
  throw input_error("the tokenizer's step {} cannot be converted: {}", step.dump().substr(0, 200),
                    why);
}

}  // namespace ovbake
