// How the model knows an added token from other text.
#pragma once

#include <string>
#include <string_view>

#include "tokenizer/description.hpp"
#include "tokenizer/operations.hpp"

namespace ovbake {

/// `text` between bytes that no UTF-8 begins or ends with, so that no other text reads like it.
std::string enclosed(std::string_view text);
/// The same for what is cut out of normalized text after other tokens were cut out of given text,
/// which may read alike.
std::string enclosed_when_normalized(std::string_view text);

/// Replaces the pieces that `pattern` matches by `enclosed_group`, enclosed("$1") or the like, and
/// marks them to be skipped as well.
Pieces enclose(Pieces pieces, std::string_view pattern, const std::string& enclosed_group);

/// Decides what the model is given for each added token: the token as it stands where no other
/// text that reaches the model can read like it, which saves a pass over all text, and the token
/// enclosed where some may, or where it is cut out of what others were cut out of.
void name_added_tokens(TokenizerDescription& tokenizer);

}  // namespace ovbake
