#include "tokenizer/text_operations.hpp"

#include <iterator>
#include <utility>

#include "tokenizer/byte_level.hpp"
#include "tokenizer/held_characters.hpp"
#include "tokenizer/pcre2_pattern.hpp"

namespace ovbake {

TextOperations bytes_as_letters() {
  CharsMap map;  // which does not hold NUL
  for (unsigned byte = 1; byte < 256; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    map[one] = spell_bytes(one);
  }
  return {map, Replacement{R"(\x00)", spell_bytes(std::string_view("\0", 1))}};
}

void append(TextOperations& operations, TextOperations more) {
  std::ranges::move(more, std::back_inserter(operations));
}

Pieces run(const TextOperations& operations, Pieces pieces) {
  struct Visitor {
    Pieces& pieces;
    Pieces operator()(const Replacement& r) const {
      return regex_replace(std::move(pieces), r.pattern, r.replacement, r.everywhere);
    }
    Pieces operator()(const CharsMap& map) const {
      return charsmap(std::move(pieces), compile_charsmap(map));
    }
    Pieces operator()(const PrecompiledCharsMap& map) const {
      return charsmap(std::move(pieces), map.blob);
    }
    Pieces operator()(const WhereHeld& some) const {
      return change_where_held(std::move(pieces), some.characters, [&](const Strings& strings) {
        return run(some.operations, without_rows(strings)).text;
      });
    }
  };
  for (const TextOperation& operation : operations) {
    pieces = std::visit(Visitor{pieces}, operation);
  }
  return pieces;
}

std::string run(const TextOperations& operations, std::string text) {
  struct Visitor {
    const std::string& text;
    std::string operator()(const Replacement& r) const {
      return replace_matches(text, r.pattern, r.replacement, r.everywhere);
    }
    std::string operator()(const CharsMap& map) const { return replace_by(map, text); }
    std::string operator()(const PrecompiledCharsMap& map) const {
      return replace_by(map.blob, text);
    }
    std::string operator()(const WhereHeld& some) const { return run(some.operations, text); }
  };
  for (const TextOperation& operation : operations) text = std::visit(Visitor{text}, operation);
  return text;
}

}  // namespace ovbake
