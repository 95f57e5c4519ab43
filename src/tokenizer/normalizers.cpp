#include "base/error.hpp"
#include "tokenizer/added_tokens.hpp"
#include "tokenizer/conversion.hpp"

namespace ovbake {
namespace {

Pieces split_added(const TokenizerDescription& tokenizer, Pieces pieces, bool normalized) {
  const auto tokens = added_tokens_where(tokenizer.added_tokens, normalized);
  const std::string pattern = added_tokens_pattern(tokens);
  return pattern.empty() ? pieces : special_tokens_split(pieces, pattern);
}

Pieces apply_step(const Json& step, Pieces) { refuse_step(step, "no operation does what it does"); }

}  // namespace

Pieces normalize(const TokenizerDescription& tokenizer, const Strings& text) {
  Pieces pieces = split_added(tokenizer, one_piece_a_row(text), false);
  for (const Json& step : tokenizer.normalizers) pieces = apply_step(step, pieces);
  return split_added(tokenizer, pieces, true);
}

void refuse_step(const Json& step, std::string_view why) {
  throw input_error("the tokenizer's step {} cannot be converted: {}", step.dump().substr(0, 200),
                    why);
}

}  // namespace ovbake
