// How the model knows an added token from other text.
#pragma once

#include <string>
#include <string_view>

#include "tokenizer/description.hpp"
#include "tokenizer/operations.hpp"

namespace ovbake {

/// `text` between bytes that no UTF-8 begins or ends with, so that no other text reads like it.
std::string enclosed(std::string_view text);

/// Encloses the pieces that `pattern` matches (their group 1, where it has one), and marks them
/// to be skipped as well.
Pieces enclose(Pieces pieces, std::string_view pattern);

/// Decides what the model is given for each added token: the token as it stands where no other
/// text that reaches the model can read like it, which saves a pass over all text, and the token
/// enclosed where some may, or where it is cut out of what others were cut out of.
void name_added_tokens(TokenizerDescription& tokenizer);

}  // namespace ovbake
