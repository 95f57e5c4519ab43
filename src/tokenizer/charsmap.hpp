// SentencePiece's precompiled character maps, which CharsMapNormalization runs: at each position
// the longest key is replaced; where none matches, one character is kept.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace ovbake {

/// Keys and replacements are bytes. A replacement may not hold NUL, which ends it.
using CharsMap = std::map<std::string, std::string, std::less<>>;

/// The map in the form of `precompiled_charsmap`: size of a double array (Darts-clone), the array,
/// and the replacements, each ended by NUL.
std::string compile_charsmap(const CharsMap& map);

/// What the operation makes of `text` with a map.
std::string replace_by(const CharsMap& map, std::string_view text);
/// And with a `precompiled_charsmap`. Throws an input error where that is malformed.
std::string replace_by(std::string_view precompiled, std::string_view text);

}  // namespace ovbake
