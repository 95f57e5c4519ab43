// Faults of the extension's own operations that no other composition of them was found to get
// round. tests/python/tokenizer_faults.py lists them with the lines that each one costs.
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
  if (has("Precompiled")) {
    lines.push_back(
        "Precompiled: the operation replaces the longest match, the tokenizers library goes by "
        "grapheme; ids of text with combining marks may differ.");
  }
  if (std::holds_alternative<UnigramModel>(tokenizer.model)) {
    lines.push_back(
        "Unigram: the operation adds scores in single precision; where ways to cut a long word "
        "score "
        "nearly alike, ids may differ.");
  }
  return lines;
}

}  // namespace ovbake
