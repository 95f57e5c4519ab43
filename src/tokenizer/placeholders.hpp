// Characters that stand for something else inside a graph, and never reach the outside.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "tokenizer/charsmap.hpp"
#include "tokenizer/vocabulary.hpp"

namespace ovbake {

/// One character of a block at the end of Unicode's last plane for each byte.
std::string byte_placeholder(unsigned byte);

bool holds_placeholder(std::string_view text);

/// Character class members, as PCRE2 writes them, for the placeholders of the bytes first … last.
std::string placeholder_members(unsigned first, unsigned last);

/// A noncharacter, U+FDD0 or one after it, that neither a token of `vocabulary` nor `others` holds.
std::string unused_noncharacter(const Vocabulary& vocabulary, std::string_view others = {});

/// "<0x0A>" for 10: how a vocabulary with byte fallback writes a byte.
std::string byte_token(unsigned byte);

/// Ids of the 256 byte tokens; nothing where the vocabulary lacks all of them. Throws an input
/// error where it has some only.
std::optional<std::array<TokenId, 256>> byte_token_ids(const Vocabulary& vocabulary);

}  // namespace ovbake
