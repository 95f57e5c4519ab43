#include "tokenizer/unicode_forms.hpp"

#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include <utf8proc.h>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace ovbake {
namespace {

constexpr char32_t kLastCharacter = 0x10FFFF;
constexpr char32_t kFirstSyllable = 0xAC00, kLastSyllable = 0xD7A3;
constexpr int kOrderingPasses = 4;

std::string utf8(char32_t character) {
  std::string text;
  append_character(text, character);
  return text;
}

std::string mapped(const std::string& text, int options) {
  utf8proc_uint8_t* result = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                 static_cast<utf8proc_ssize_t>(text.size()), &result,
                                 static_cast<utf8proc_option_t>(options | UTF8PROC_STABLE));
  if (size < 0) throw input_error("a text cannot be normalized: {}", utf8proc_errmsg(size));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(result, &std::free);
  return {reinterpret_cast<const char*>(result), static_cast<std::size_t>(size)};
}

/// Every character that is assigned, surrogates and Hangul syllables aside.
template <typename Visit>
void for_each_character(Visit visit) {
  for (char32_t c = 0x80; c <= kLastCharacter; ++c) {
    if (c == 0xD800) c = 0xE000;
    if (c == kFirstSyllable) c = kLastSyllable + 1;
    const auto* property = utf8proc_get_property(static_cast<utf8proc_int32_t>(c));
    if (property->category != UTF8PROC_CATEGORY_CN) visit(c, *property);
  }
}

int combining_class(char32_t c) {
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(c))->combining_class;
}

CharsMap decompositions(int options) {
  CharsMap map;
  for_each_character([&](char32_t c, const utf8proc_property_t& property) {
    if (property.decomp_seqindex == UINT16_MAX) return;
    const std::string one = utf8(c);
    const std::string all = mapped(one, UTF8PROC_DECOMPOSE | options);
    if (all != one) map[one] = all;
  });
  return map;
}

CharsMap syllable_decompositions() {
  CharsMap map;
  for (char32_t c = kFirstSyllable; c <= kLastSyllable; ++c) {
    map[utf8(c)] = mapped(utf8(c), UTF8PROC_DECOMPOSE);
  }
  return map;
}

/// Jamo to a syllable, and a syllable with a final jamo to another.
CharsMap syllable_compositions() {
  CharsMap map;
  for (auto& [syllable, jamo] : syllable_decompositions()) {
    std::string_view last = jamo;
    while (last.size() > character_bytes(last[0])) take_character(last);
    const std::string before = jamo.substr(0, jamo.size() - last.size());
    map[mapped(before, UTF8PROC_COMPOSE) + std::string(last)] = syllable;
    map[jamo] = syllable;
  }
  return map;
}

/// Members of a PCRE2 class.
class Members {
 public:
  void add(char32_t c) {
    if (!ranges_.empty() && ranges_.back().second + 1 == c) {
      ranges_.back().second = c;
    } else {
      ranges_.emplace_back(c, c);
    }
  }
  std::string text() const {
    std::string text;
    for (const auto& [first, last] : ranges_) {
      text += fmt::format("\\x{{{:X}}}-\\x{{{:X}}}", static_cast<unsigned>(first),
                          static_cast<unsigned>(last));
    }
    return text;
  }

 private:
  std::vector<std::pair<char32_t, char32_t>> ranges_;
};

/// Combining marks by class, 0 left out.
using Marks = std::map<int, Members>;

Marks marks_by_class() {
  Marks marks;
  for_each_character([&](char32_t c, const utf8proc_property_t& property) {
    if (property.combining_class) marks[property.combining_class].add(c);
  });
  return marks;
}

std::string members_between(const Marks& marks, int above, int below) {
  std::string members;
  for (auto one = marks.upper_bound(above); one != marks.lower_bound(below); ++one) {
    members += one->second.text();
  }
  return members;
}

/// Puts marks of a lower class before those of a higher one that stand in front of them: the lowest
/// of each run comes to its place in one pass. Marks of the few highest classes are most of all,
/// and written once only.
Replacement ordering_pass() {
  constexpr int kAll = 0, kHigh = 201, kEnd = 256;
  const Marks marks = marks_by_class();
  std::string pattern;
  for (auto lower = marks.begin(); std::next(lower) != marks.end(); ++lower) {
    const bool low = lower->first < kHigh;
    const std::string between = members_between(marks, lower->first, low ? kHigh : kEnd);
    const std::string higher = between.empty() ? "(?&high)"
                               : low           ? fmt::format("(?:[{}]|(?&high))", between)
                                               : fmt::format("[{}]", between);
    pattern +=
        fmt::format("{}({}++)([{}]++)", pattern.empty() ? "" : "|", higher, lower->second.text());
  }
  return {
      fmt::format("(?=[{}]{{2}})(?|{})(?(DEFINE)(?<high>[{}]))", members_between(marks, kAll, kEnd),
                  pattern, members_between(marks, kHigh, kEnd)),
      "$2$1"};
}

/// A letter and the marks that follow it directly, as one character.
struct Compositions {
  CharsMap map;
  std::map<std::pair<int, char32_t>, std::set<char32_t>> letters_by_mark;  ///< And its class.
};

Compositions compositions() {
  Compositions found;
  for_each_character([&](char32_t c, const utf8proc_property_t& property) {
    if (property.decomp_seqindex == UINT16_MAX) return;
    const std::string one = utf8(c), all = mapped(one, UTF8PROC_DECOMPOSE);
    if (all == one || mapped(all, UTF8PROC_COMPOSE) != one) return;
    found.map[all] = one;
    std::u32string letters;
    for (std::string_view rest = all; !rest.empty();) letters.push_back(take_character(rest));
    const char32_t mark = letters.back();
    std::string before;
    for (const char32_t letter : letters.substr(0, letters.size() - 1)) before += utf8(letter);
    const std::string composed = mapped(before, UTF8PROC_COMPOSE);
    std::string_view rest = composed;
    found.letters_by_mark[{combining_class(mark), mark}].insert(take_character(rest));
  });
  return found;
}

/// Brings a mark that its letter composes with in front of the marks between them, which it may
/// pass where their classes are lower. Marks are in order already.
Replacement passing_marks(const Compositions& compositions) {
  const Marks marks = marks_by_class();
  std::string pattern;
  for (const auto& [mark, letters] : compositions.letters_by_mark) {
    if (mark.first == 0) continue;
    Members members;
    for (const char32_t letter : letters) members.add(letter);
    pattern += fmt::format("{}(?<=[{}])((?:(?![{}])(?&mark))++)(\\x{{{:X}}})",
                           pattern.empty() ? "" : "|", members.text(), marks.at(mark.first).text(),
                           static_cast<unsigned>(mark.second));
  }
  const std::string any = members_between(marks, 0, 256);
  return {fmt::format("(?=[{0}]{{2}})(?|{1})(?(DEFINE)(?<mark>[{0}]))", any, pattern), "$2$1"};
}

void compose(TextOperations& operations) {
  const Compositions composing = compositions();
  CharsMap map = composing.map;
  map.merge(syllable_compositions());
  operations.emplace_back(std::move(map));
  operations.emplace_back(passing_marks(composing));
  operations.emplace_back(composing.map);
}

}  // namespace

TextOperations unicode_form(std::string_view form) {
  const bool composed = form.ends_with('C');
  CharsMap map = decompositions(form.starts_with("NFK") ? UTF8PROC_COMPAT : 0);
  if (!composed) map.merge(syllable_decompositions());
  TextOperations operations{std::move(map)};
  operations.resize(operations.size() + kOrderingPasses, ordering_pass());
  if (composed) compose(operations);
  return operations;
}

CharsMap lowercase_map() {
  CharsMap map;
  for_each_character([&](char32_t c, const utf8proc_property_t&) {
    const auto lower = utf8proc_tolower(static_cast<utf8proc_int32_t>(c));
    if (lower != static_cast<utf8proc_int32_t>(c))
      map[utf8(c)] = utf8(static_cast<char32_t>(lower));
  });
  for (char c = 'A'; c <= 'Z'; ++c) map[std::string(1, c)] = static_cast<char>(c + 'a' - 'A');
  map["\u0130"] = "i\u0307";  // the one character whose lower case is two
  return map;
}

}  // namespace ovbake
