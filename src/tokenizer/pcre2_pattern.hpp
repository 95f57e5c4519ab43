// What PCRE2 itself says of a pattern, with the options that the operations compile it with.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ovbake {

struct PatternFacts {
  bool matches_empty;      ///< Some match may be empty.
  bool only_empty;         ///< Every match is empty, as far as PCRE2 can tell.
  std::size_t min_length;  ///< Of a match, in characters.
};

/// Throws an input error where PCRE2 does not compile `pattern`: the operations would silently
/// match nothing.
PatternFacts facts_of(std::string_view pattern);

/// What the operation RegexNormalization makes of `text`.
std::string replace_matches(std::string_view text, std::string_view pattern,
                            std::string_view replacement, bool everywhere);

}  // namespace ovbake
