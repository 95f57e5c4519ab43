#include "tokenizer/regex.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "tokenizer/pcre2_pattern.hpp"
#include "tokenizer/regex_class.hpp"

namespace ovbake {
namespace {

/// Rewrites one pattern from left to right. `atom_` is where the output of the last atom begins,
/// for quantifiers that need it wrapped.
class Translator {
 public:
  explicit Translator(std::string_view pattern) : rest_(pattern) {}

  std::string translate() {
    while (!rest_.empty()) step();
    return out_;
  }

 private:
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  void atom(std::string_view text) {
    atom_ = out_.size();
    out_.append(text);
  }

  void step() {
    switch (rest_.front()) {
      case '\\':
        return escape();
      case '[':
        return atom(take_class(rest_));
      case '(':
        return open_group();
      case ')':
        return close_group();
      case '{':
        return interval();
      case '^':
      case '$':
        return atom(fmt::format("(?m:{})", take()));
      default:
        copy_character();
    }
  }

  void copy_character() {
    const std::size_t bytes = std::min(character_bytes(rest_.front()), rest_.size());
    const bool quantifier = rest_.front() == '*' || rest_.front() == '+' || rest_.front() == '?';
    if (!quantifier) atom_ = out_.size();
    out_.append(rest_.substr(0, bytes));
    rest_.remove_prefix(bytes);
  }

  void escape() {
    rest_.remove_prefix(1);
    if (rest_.empty()) throw input_error("it ends in a backslash");
    const char letter = rest_.front();
    const std::string_view members = members_of_escape(letter);
    if (!members.empty()) {
      take();
      atom(fmt::format("[{}]", members));
    } else if (letter == 'W' || letter == 'H') {
      take();
      atom(fmt::format("[^{}]", members_of_escape(static_cast<char>(std::tolower(letter)))));
    } else if (std::string_view("AzZbBGKRX123456789").find(letter) != std::string_view::npos) {
      atom(fmt::format("\\{}", take()));
    } else {
      atom(take_escape(rest_));
    }
  }

  void open_group() {
    groups_.push_back(out_.size());
    out_.push_back(take());
    if (!rest_.starts_with('?')) return;
    out_.push_back(take());
    if (rest_.empty() || rest_.front() == '~') throw input_error("it has a group of unknown kind");
    if (std::isalpha(static_cast<unsigned char>(rest_.front())) || rest_.front() == '-') flags();
    // "<name>", "<=", "<!", "=", "!", ">" and ":" mean the same to both; what follows is copied.
  }

  /// Ruby's (?m) is the dot that matches newlines: PCRE2's (?s).
  void flags() {
    while (!rest_.empty() && rest_.front() != ')' && rest_.front() != ':') {
      const char flag = take();
      if (flag != 'i' && flag != 'm' && flag != 'x' && flag != '-') {
        throw input_error("it sets the unknown option {}", flag);
      }
      if (flag == 'x') throw input_error("it uses extended syntax");
      out_.push_back(flag == 'm' ? 's' : flag);
    }
  }

  void close_group() {
    if (groups_.empty()) throw input_error("it closes a group that was never opened");
    atom_ = groups_.back();
    groups_.pop_back();
    out_.push_back(take());
  }

  /// {n,m}+ is possessive to PCRE2; to Ruby it repeats what was repeated, as {n}? does.
  void interval() {
    const std::size_t end = rest_.find('}');
    const std::string_view inside = rest_.substr(1, end == rest_.npos ? 0 : end - 1);
    const bool counts = !inside.empty() && inside != "," &&
                        inside.find_first_not_of("0123456789,") == inside.npos &&
                        std::ranges::count(inside, ',') <= 1;
    if (!counts) return atom(fmt::format("\\{}", take()));
    rest_.remove_prefix(end + 1);
    const bool exact = inside.find(',') == inside.npos;
    const std::string repeat = fmt::format("{{{}{}}}", inside[0] == ',' ? "0" : "", inside);
    out_.append(repeat);
    if (rest_.starts_with('+') || (exact && rest_.starts_with('?'))) {
      out_.insert(atom_, "(?:");
      out_.push_back(')');
    }
  }

  std::string_view rest_;
  std::string out_;
  std::size_t atom_ = 0;
  std::vector<std::size_t> groups_;
};

/// Texts [first, last), sorted and equal up to `depth`, as alternatives from there on.
std::string alternatives(const std::vector<std::string>& texts, std::size_t first, std::size_t last,
                         std::size_t depth) {
  std::string pattern;
  bool ends_here = false;
  std::size_t count = 0;
  while (first < last) {
    if (texts[first].size() == depth) {
      ends_here = true;
      ++first;
      continue;
    }
    const std::size_t bytes = character_bytes(texts[first][depth]);
    const std::string_view one = std::string_view(texts[first]).substr(depth, bytes);
    std::size_t end = first;
    while (end < last && std::string_view(texts[end]).substr(depth, bytes) == one) ++end;
    pattern.append(count++ ? "|" : "").append(literal_pattern(one));
    pattern.append(alternatives(texts, first, end, depth + one.size()));
    first = end;
  }
  if (count == 0) return "";
  if (count == 1 && !ends_here) return pattern;
  return fmt::format("(?:{}){}", pattern, ends_here ? "?" : "");
}

}  // namespace

std::string literal_pattern(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && !std::isalnum(byte)) pattern.push_back('\\');
    pattern.push_back(c);
  }
  return pattern;
}

std::string any_of_pattern(std::vector<std::string> texts) {
  std::ranges::sort(texts);
  return alternatives(texts, 0, texts.size(), 0);
}

std::string to_pcre2(std::string_view pattern) {
  try {
    std::string translated = Translator(pattern).translate();
    facts_of(translated);
    return translated;
  } catch (const Error& error) {
    throw input_error("the pattern \"{}\" cannot be run by PCRE2: {}", pattern, error.what());
  }
}

std::string literal_replacement(std::string_view text) {
  std::string replacement;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] >= '1' && text[i + 1] <= '9') {
      throw input_error(
          "the replacement \"{}\" has a backslash before a digit, which the operation "
          "takes for a group",
          text);
    }
    replacement.append(text[i] == '$' ? "$$" : std::string(1, text[i]));
  }
  return replacement;
}

}  // namespace ovbake
