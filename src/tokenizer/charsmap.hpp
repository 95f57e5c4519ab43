// SentencePiece's precompiled character maps, which CharsMapNormalization runs: at each position
// the longest key is replaced; where none matches, one character is kept.
#pragma once

#include <map>
#include <string>

namespace ovbake {

/// Keys and replacements are bytes. A replacement may not hold NUL, which ends it.
using CharsMap = std::map<std::string, std::string>;

/// The map in the form of `precompiled_charsmap`: size of a double array (Darts-clone), the array,
/// and the replacements, each ended by NUL.
std::string compile_charsmap(const CharsMap& map);

/// Every character that Unicode writes in lower case differently, one by one (no final sigma rule).
const CharsMap& lowercase_map();

}  // namespace ovbake
