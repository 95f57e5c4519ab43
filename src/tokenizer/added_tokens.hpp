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

/// The tokens that are looked for in the text as given (normalized false) or in the normalized
/// text.
std::vector<AddedToken> added_tokens_where(std::span<const AddedToken> tokens, bool normalized);

}  // namespace ovbake
