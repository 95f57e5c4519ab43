#include "jinja/lexer.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "jinja/fault.hpp"
#include "jinja/python_text.hpp"
#include "jinja/string_literal.hpp"

namespace ovbake::jinja {
namespace {

using Kind = Token::Kind;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) { return c == '_' || ((c | 32) >= 'a' && (c | 32) <= 'z'); }
bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }

/// With every line end a line feed and without the last one.
std::string normalize_lines(std::string_view source) {
  std::string normal;
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source[i] == '\r' && i + 1 < source.size() && source[i + 1] == '\n') ++i;
    normal += source[i] == '\r' ? '\n' : source[i];
  }
  if (normal.ends_with('\n')) normal.pop_back();
  return normal;
}

class Lexer {
 public:
  Lexer(std::string_view source, std::size_t& line) : source_(source), line_(line) { line_ = 1; }

  std::vector<Token> run() {
    while (at_ < source_.size()) take_data();
    add(Kind::end);
    return std::move(tokens_);
  }

 private:
  std::string_view rest() const { return source_.substr(at_); }
  bool sees(std::string_view text) const { return rest().starts_with(text); }

  bool sees_signed(char sign, std::string_view text) const {
    return rest().starts_with(sign) && rest().substr(1).starts_with(text);
  }

  std::string_view advance(std::size_t bytes) {
    const std::string_view passed = rest().substr(0, bytes);
    line_ += static_cast<std::size_t>(std::ranges::count(passed, '\n'));
    at_ += passed.size();
    return passed;
  }

  void skip_space() { advance(rest().size() - strip_left(rest()).size()); }

  void add(Kind kind, std::string text = "") {
    tokens_.push_back({.kind = kind, .text = std::move(text), .line = line_});
  }

  /// The next {%, {{ or {# from `from` on.
  std::size_t find_tag(std::size_t from) const {
    for (std::size_t at = source_.find('{', from); at != source_.npos;
         at = source_.find('{', at + 1)) {
      const char next = at + 1 < source_.size() ? source_[at + 1] : '\0';
      if (next == '%' || next == '{' || next == '#') return at;
    }
    return source_.size();
  }

  char sign_at(std::size_t at) const {
    const char sign = at < source_.size() ? source_[at] : '\0';
    return sign == '-' || sign == '+' ? sign : '\0';
  }

  void take_data() {
    const std::size_t tag = find_tag(at_);
    if (tag == source_.size()) return add_data(advance(tag - at_));
    const char kind = source_[tag + 1];
    const char sign = sign_at(tag + 2);
    add_data(before_tag(source_.substr(at_, tag - at_), sign, kind != '{'));
    advance(tag - at_);
    advance(sign == '\0' ? 2 : 3);
    if (kind == '#') return skip_comment();
    if (kind == '{') return take_code(Kind::variable_begin, Kind::variable_end);
    if (!take_raw()) take_code(Kind::block_begin, Kind::block_end);
  }

  void add_data(std::string_view data) {
    if (!data.empty()) add(Kind::data, std::string(data));
  }

  /// What is kept of the text before a tag; tags other than {{ take the indentation of their line.
  std::string_view before_tag(std::string_view data, char sign, bool takes_indentation) const {
    if (sign == '-') return strip_right(data);
    if (sign == '+' || !takes_indentation) return data;
    const std::size_t line_begin = data.rfind('\n') + 1;
    const bool starts_line = line_begin > 0 || at_ == 0 || source_[at_ - 1] == '\n';
    return starts_line && strip_left(data.substr(line_begin)).empty() ? data.substr(0, line_begin)
                                                                      : data;
  }

  /// Steps over the end of a tag, such as %}, and the white space that it takes; false where there
  /// is none.
  bool take_end(std::string_view end, bool takes_newline) {
    if (sees_signed('-', end)) {
      advance(1 + end.size());
      skip_space();
      return true;
    }
    if (takes_newline && sees_signed('+', end)) return !advance(1 + end.size()).empty();
    if (!sees(end)) return false;
    advance(end.size());
    if (takes_newline && sees("\n")) advance(1);
    return true;
  }

  void skip_comment() {
    const std::size_t end = source_.find("#}", at_);
    if (end == source_.npos) throw Fault("a comment is not closed with #}}");
    const bool has_sign = end > at_ && sign_at(end - 1) != '\0';
    advance(end - at_ - (has_sign ? 1 : 0));
    take_end("#}", true);
  }

  /// Steps over `raw` or `endraw` and the end of its tag; does not move where it is another tag.
  bool take_raw_tag(std::string_view name, bool takes_newline) {
    const std::size_t line = line_, at = at_;
    skip_space();
    if (sees(name)) {
      advance(name.size());
      skip_space();
      if (take_end("%}", takes_newline)) return true;
    }
    line_ = line;
    at_ = at;
    return false;
  }

  bool take_raw() {
    if (!take_raw_tag("raw", false)) return false;
    const std::size_t begin = at_;
    for (std::size_t tag = source_.find("{%", begin); tag != source_.npos;
         tag = source_.find("{%", tag + 2)) {
      const char sign = sign_at(tag + 2);
      at_ = begin;
      const std::string_view data = before_tag(source_.substr(begin, tag - begin), sign, true);
      const std::size_t line = line_;
      advance(tag - begin + (sign == '\0' ? 2 : 3));
      if (take_raw_tag("endraw", true)) {
        add_data(data);
        return true;
      }
      line_ = line;
    }
    throw Fault("a raw block is not closed with endraw");
  }

  void take_code(Kind begin, Kind end) {
    add(begin);
    const bool is_block = begin == Kind::block_begin;
    const std::string_view closing = is_block ? "%}" : "}}";
    while (at_ < source_.size()) {
      if (brackets_.empty()) {
        const std::size_t line = line_;
        if (take_end(closing, is_block)) {
          tokens_.push_back({.kind = end, .line = line});
          return;
        }
      }
      take_token();
    }
    throw Fault("a tag is not closed with {}", closing);
  }

  void take_token() {
    const char c = source_[at_];
    if (strip_left(rest()).size() < rest().size()) return skip_space();
    if (is_digit(c)) return take_number();
    if (is_name_start(c)) {
      const auto end = std::ranges::find_if_not(rest(), is_name_part);
      return add(Kind::name, std::string(advance(static_cast<std::size_t>(end - rest().begin()))));
    }
    if (c == '\'' || c == '"') return take_string();
    take_symbol();
  }

  std::size_t count_digits(std::size_t from) const {
    std::size_t count = 0;
    while (from + count < source_.size() && is_digit(source_[from + count])) ++count;
    return count;
  }

  void take_number() {
    const bool after_dot = at_ > 0 && source_[at_ - 1] == '.';
    std::size_t bytes = count_digits(at_);
    const std::size_t whole = bytes;
    const auto at = [&](std::size_t offset) {
      return at_ + offset < source_.size() ? source_[at_ + offset] : '\0';
    };
    if (!after_dot && at(bytes) == '.' && count_digits(at_ + bytes + 1) > 0) {
      bytes += 1 + count_digits(at_ + bytes + 1);
    }
    if (!after_dot && (at(bytes) | 32) == 'e') {
      const std::size_t sign = at(bytes + 1) == '-' || at(bytes + 1) == '+' ? 1 : 0;
      const std::size_t digits = count_digits(at_ + bytes + 1 + sign);
      if (digits > 0) bytes += 1 + sign + digits;
    }
    if (rest().substr(0, whole).find_first_not_of('0') < whole && sees("0") && whole > 1) {
      throw Fault("a number begins with 0");
    }
    add(bytes == whole ? Kind::integer : Kind::floating, std::string(advance(bytes)));
  }

  void take_string() {
    const char mark = source_[at_];
    std::size_t end = at_ + 1;
    while (end < source_.size() && source_[end] != mark) end += source_[end] == '\\' ? 2 : 1;
    if (end >= source_.size()) throw Fault("a string is not closed with {}", mark);
    std::string meant = unescape(source_.substr(at_ + 1, end - at_ - 1));
    add(Kind::string, std::move(meant));
    advance(end + 1 - at_);
  }

  void take_symbol() {
    static constexpr auto kSymbols = std::to_array<std::string_view>(
        {"//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[",
         "]",  "(",  ")",  "{",  "}",  ">",  "<", "=", ".", ":", "|", ",", ";"});
    const auto found = std::ranges::find_if(kSymbols, [&](auto symbol) { return sees(symbol); });
    if (found == kSymbols.end()) {
      throw Fault("{} is no part of an expression",
                  quote(split_characters(rest().substr(0, 4))[0]));
    }
    balance((*found)[0]);
    add(Kind::symbol, std::string(advance(found->size())));
  }

  void balance(char symbol) {
    if (symbol == '(' || symbol == '[' || symbol == '{') brackets_ += symbol;
    if (symbol != ')' && symbol != ']' && symbol != '}') return;
    const char open = symbol == ')' ? '(' : symbol == ']' ? '[' : '{';
    if (!brackets_.ends_with(open)) throw Fault("a {} closes nothing", symbol);
    brackets_.pop_back();
  }

  std::string_view source_;
  std::size_t& line_;
  std::size_t at_ = 0;
  std::string brackets_;  ///< Those that are open.
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenize(std::string_view source, std::size_t& line) {
  const std::string normal = normalize_lines(source);
  return Lexer(normal, line).run();
}

}  // namespace ovbake::jinja
