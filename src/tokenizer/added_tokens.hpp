// Added tokens are cut out of the text before the model looks at it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tokenizer/description.hpp"
#include "tokenizer/operations.hpp"

namespace ovbake {

/// A PCRE2 pattern that finds what the `tokenizers` library finds: the leftmost, longest of the
/// tokens, with white space around it where lstrip or rstrip say so. Empty where `tokens` are.
std::string added_tokens_pattern(std::span<const AddedToken> tokens);

/// Cuts the tokens out of the text as given, as their `piece`, and marks them to be skipped.
Pieces split_given_text(const TokenizerDescription& tokenizer, const Pieces& pieces);

/// The same for the tokens that are looked for in normalized text.
Pieces split_normalized_text(const TokenizerDescription& tokenizer, Pieces pieces);

}  // namespace ovbake
