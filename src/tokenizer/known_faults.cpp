// Faults of the extension's own operations that no other composition of them was found to get
// round. tests/python/test_tokenizer_steps.py counts the lines that each one costs.
#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "tokenizer/conversion.hpp"

namespace ovbake {

std::vector<std::string> known_faults(const TokenizerDescription& tokenizer) {
  std::vector<std::string> lines;
  const auto has = [&](std::string_view type) {
    return std::ranges::any_of(tokenizer.normalizers,
                               [&](const Json& step) { return is_step(step, type); });
  };
  for (const char* form : {"NFC", "NFD", "NFKC", "NFKD"}) {
    if (!has(form)) continue;
    lines.push_back(fmt::format(
        "{}: the operation leaves several combining marks on one letter in the order given, and "
        "composes no Hangul syllable with a final jamo; ids of such text may differ.",
        form));
  }
  if (has("Precompiled")) {
    lines.push_back(
        "Precompiled: the operation replaces the longest match, the tokenizers library goes by "
        "grapheme; ids of text with combining marks may differ.");
  }
  if (std::holds_alternative<UnigramModel>(tokenizer.model)) {
    lines.push_back(
        "Unigram: the operation adds scores in single precision and knows no NUL; where two ways "
        "to "
        "cut a word score alike, ids may differ.");
  }
  return lines;
}

}  // namespace ovbake
