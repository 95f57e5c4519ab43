// Added tokens are cut out of the text before anything else looks at it.
#pragma once

#include <span>
#include <string>

#include "tokenizer/description.hpp"
#include "tokenizer/operations.hpp"

namespace ovbake {

/// A PCRE2 pattern that finds what the `tokenizers` library finds: the leftmost, longest of the
/// tokens, with white space around it where lstrip or rstrip say so; group 1 is the token itself.
/// Empty where `tokens` are.
std::string added_tokens_pattern(std::span<const AddedToken> tokens);

/// Cuts the tokens out of the text as given, those that are looked for in normalized text too where
/// nothing is normalized.
Pieces split_given_text(const TokenizerDescription& tokenizer, const Pieces& pieces);

/// Cuts the tokens out of normalized text that are looked for there.
Pieces split_normalized_text(const TokenizerDescription& tokenizer, Pieces pieces);

/// The text in which a token reaches the model: normalized, where it is looked for in such text.
std::string text_of_added_token(const TokenizerDescription& tokenizer, const AddedToken& token);

}  // namespace ovbake
