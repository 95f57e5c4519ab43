// What normalizers are made of: replacements by pattern and by map, which a graph does to every
// text and a conversion does to the added tokens that are looked for in normalized text.
#pragma once

#include <set>
#include <string>
#include <variant>
#include <vector>

#include "tokenizer/charsmap.hpp"
#include "tokenizer/operations.hpp"

namespace ovbake {

struct Replacement {
  std::string pattern, replacement;  ///< For PCRE2.
  bool everywhere = true;            ///< Else the first match only.
};

struct PrecompiledCharsMap {
  std::string blob;
};

struct TextOperation;
using TextOperations = std::vector<TextOperation>;

/// Operations that change no text without one of `characters`.
struct WhereHeld {
  std::set<char32_t> characters;
  TextOperations operations;
};

struct TextOperation : std::variant<Replacement, CharsMap, PrecompiledCharsMap, WhereHeld> {
  using variant::variant;
};

/// Each byte as the letter that spells it in a byte-level vocabulary.
TextOperations bytes_as_letters();

void append(TextOperations& operations, TextOperations more);

Pieces run(const TextOperations& operations, Pieces pieces);
std::string run(const TextOperations& operations, std::string text);

}  // namespace ovbake
