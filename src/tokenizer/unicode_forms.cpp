#include "tokenizer/unicode_forms.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include <utf8proc.h>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "tokenizer/unicode_tables.hpp"

namespace ovbake {
namespace {

constexpr char32_t kLastCharacter = 0x10FFFF;
constexpr char32_t kFirstSyllable = 0xAC00, kLastSyllable = 0xD7A3;
constexpr char32_t kFirstVowel = 0x1161, kLastFinal = 0x11C2;  // of Hangul's jamo
constexpr int kOrderingPasses = 4;
constexpr int kMostComposingMarks = 3;  // with one letter

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

/// Marks and characters with a decomposition that Unicode has added since version 9, of which the
/// tables of the `tokenizers` library are: it leaves them as they are. Up to version 15.
constexpr std::pair<char32_t, char32_t> kNewerThanTokenizers[] = {
    {0x7FD, 0x7FD},     {0x898, 0x89F},     {0x8CA, 0x8D3},     {0x9FE, 0x9FE},
    {0xC3C, 0xC3C},     {0xD3B, 0xD3C},     {0xEBA, 0xEBA},     {0x1715, 0x1715},
    {0x1ABF, 0x1ACE},   {0x1DF6, 0x1DFA},   {0x32FF, 0x32FF},   {0xA7F2, 0xA7F4},
    {0xA82C, 0xA82C},   {0xAB69, 0xAB69},   {0x10781, 0x10785}, {0x10787, 0x107B0},
    {0x107B2, 0x107BA}, {0x10D24, 0x10D27}, {0x10EAB, 0x10EAC}, {0x10EFD, 0x10EFF},
    {0x10F46, 0x10F50}, {0x10F82, 0x10F85}, {0x11070, 0x11070}, {0x1133B, 0x1133B},
    {0x1145E, 0x1145E}, {0x11839, 0x1183A}, {0x11938, 0x11938}, {0x1193D, 0x1193E},
    {0x11943, 0x11943}, {0x119E0, 0x119E0}, {0x11A34, 0x11A34}, {0x11A47, 0x11A47},
    {0x11A99, 0x11A99}, {0x11D42, 0x11D42}, {0x11D44, 0x11D45}, {0x11D97, 0x11D97},
    {0x11F41, 0x11F42}, {0x16FF0, 0x16FF1}, {0x1E030, 0x1E06D}, {0x1E08F, 0x1E08F},
    {0x1E130, 0x1E136}, {0x1E2AE, 0x1E2AE}, {0x1E2EC, 0x1E2EF}, {0x1E4EC, 0x1E4EF},
    {0x1F16C, 0x1F16C}, {0x1FBF0, 0x1FBF9},
};

bool is_newer_than_tokenizers(char32_t c) {
  return std::ranges::any_of(kNewerThanTokenizers, [&](const auto& range) {
    return range.first <= c && c <= range.second;
  });
}

/// Every character that is assigned, surrogates and Hangul syllables aside.
template <typename Visit>
void for_each_assigned(Visit visit) {
  for (char32_t c = 0x80; c <= kLastCharacter; ++c) {
    if (c == 0xD800) c = 0xE000;
    if (c == kFirstSyllable) c = kLastSyllable + 1;
    const auto* property = utf8proc_get_property(static_cast<utf8proc_int32_t>(c));
    if (property->category != UTF8PROC_CATEGORY_CN) visit(c, *property);
  }
}

/// Those of them that normalization knows.
template <typename Visit>
void for_each_character(Visit visit) {
  for_each_assigned([&](char32_t c, const utf8proc_property_t& property) {
    if (!is_newer_than_tokenizers(c)) visit(c, property);
  });
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

/// Members of a PCRE2 class, none of which means anything else there.
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
      text += utf8(first);
      if (first != last) text.append("-").append(utf8(last));
    }
    return text;
  }

 private:
  std::vector<std::pair<char32_t, char32_t>> ranges_;
};

/// Keeps a pattern from being tried elsewhere. Marks that are newer than PCRE2 are unassigned to
/// it.
constexpr const char* kBeforeTwoMarks = R"((?=[\p{M}\p{Cn}]{2}))";

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
  constexpr int kHigh = 201, kEnd = 256;
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
  return {fmt::format("{}(?|{})(?(DEFINE)(?<high>[{}]))", kBeforeTwoMarks, pattern,
                      members_between(marks, kHigh, kEnd)),
          "$2$1"};
}

/// A letter and the marks that follow it directly, as one character.
struct Compositions {
  CharsMap map;
  std::map<std::pair<int, char32_t>, std::set<char32_t>> letters_by_mark;  ///< And its class.
};

Compositions find_compositions() {
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
    found.map[composed + utf8(mark)] = one;
    std::string_view rest = composed;
    found.letters_by_mark[{combining_class(mark), mark}].insert(take_character(rest));
  });
  return found;
}

const Compositions& compositions() {
  static const Compositions found = find_compositions();
  return found;
}

/// Brings a mark that its letter composes with in front of the marks between them, which it may
/// pass where their classes are lower. Marks are in order already.
Replacement passing_marks() {
  const Marks marks = marks_by_class();
  std::string pattern;
  for (const auto& [mark, letters] : compositions().letters_by_mark) {
    if (mark.first == 0) continue;
    Members members;
    for (const char32_t letter : letters) members.add(letter);
    pattern += fmt::format("{}(?<=[{}])((?:(?![{}])(?&mark))++)(\\x{{{:X}}})",
                           pattern.empty() ? "" : "|", members.text(), marks.at(mark.first).text(),
                           static_cast<unsigned>(mark.second));
  }
  const std::string any = members_between(marks, 0, 256);
  return {fmt::format("{}(?|{})(?(DEFINE)(?<mark>[{}]))", kBeforeTwoMarks, pattern, any), "$2$1"};
}

void compose(TextOperations& operations) {
  CharsMap map = compositions().map;
  map.merge(syllable_compositions());
  operations.emplace_back(std::move(map));
  const Replacement passing = passing_marks();
  for (int round = 0; round < kMostComposingMarks; ++round) {
    operations.emplace_back(passing);
    operations.emplace_back(compositions().map);
  }
}

void insert(std::set<char32_t>& characters, char32_t first, char32_t last) {
  for (char32_t c = first; c <= last; ++c) characters.insert(c);
}

/// Characters without which a text is in the form already: what the form changes, marks, whose
/// order it may change, and what it may compose with a character before.
std::set<char32_t> changing_characters(bool composed, int compat) {
  std::set<char32_t> changing;
  const int options = compat | (composed ? UTF8PROC_COMPOSE : UTF8PROC_DECOMPOSE);
  for_each_character([&](char32_t c, const utf8proc_property_t& property) {
    const bool decomposes = property.decomp_seqindex != UINT16_MAX;
    const bool changes = decomposes && mapped(utf8(c), options) != utf8(c);
    if (property.combining_class || changes) changing.insert(c);
  });
  if (!composed) {
    insert(changing, kFirstSyllable, kLastSyllable);
  } else {
    for (const auto& [mark, letters] : compositions().letters_by_mark) changing.insert(mark.second);
    insert(changing, kFirstVowel, kLastFinal);
  }
  return changing;
}

}  // namespace

TextOperations unicode_form(std::string_view form) {
  const bool composed = form.ends_with('C');
  const int compat = form.starts_with("NFK") ? UTF8PROC_COMPAT : 0;
  CharsMap decomposing = decompositions(compat);
  if (!composed) decomposing.merge(syllable_decompositions());
  WhereHeld changes{.characters = changing_characters(composed, compat)};
  changes.operations.emplace_back(std::move(decomposing));
  changes.operations.resize(changes.operations.size() + kOrderingPasses, ordering_pass());
  if (composed) compose(changes.operations);
  return {std::move(changes)};
}

CharsMap lowercase_map() {
  CharsMap map;
  for_each_assigned([&](char32_t c, const utf8proc_property_t&) {
    const auto lower = utf8proc_tolower(static_cast<utf8proc_int32_t>(c));
    if (lower != static_cast<utf8proc_int32_t>(c))
      map[utf8(c)] = utf8(static_cast<char32_t>(lower));
  });
  for (char c = 'A'; c <= 'Z'; ++c) map[std::string(1, c)] = static_cast<char>(c + 'a' - 'A');
  for (const auto& [first, last, lowercase] : kNewestLowercase) {
    for (char32_t c = first; c <= last; ++c) map[utf8(c)] = utf8(lowercase + (c - first));
  }
  map["\u0130"] = "i\u0307";  // the one character whose lower case is two
  return map;
}

}  // namespace ovbake
