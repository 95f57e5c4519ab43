#include "jinja/value_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/utf8.hpp"

namespace ovbake::jinja {
namespace {

/// The shortest decimal that reads back as `number`, written as Python does.
std::string float_text(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  char buffer[32];
  const auto end = std::to_chars(buffer, std::end(buffer), number, std::chars_format::scientific);
  std::string scientific(buffer, end.ptr);
  const int exponent = std::stoi(scientific.substr(scientific.find('e') + 1));
  if (exponent < -4 || exponent >= 16) return scientific;
  char fixed[64];
  const auto fixed_end = std::to_chars(fixed, std::end(fixed), number, std::chars_format::fixed);
  std::string plain(fixed, fixed_end.ptr);
  return plain.find('.') == plain.npos ? plain + ".0" : plain;
}

/// Python's str.isprintable() of one character: all but "other" and "separator", space aside.
bool is_printable(std::string_view character) {
  static const std::unique_ptr<pcre2_code, decltype(&pcre2_code_free)> unprintable = [] {
    int error = 0;
    PCRE2_SIZE offset = 0;
    return std::unique_ptr<pcre2_code, decltype(&pcre2_code_free)>(
        pcre2_compile(reinterpret_cast<PCRE2_SPTR>("[\\p{C}\\p{Z}]"), PCRE2_ZERO_TERMINATED,
                      PCRE2_UTF, &error, &offset, nullptr),
        pcre2_code_free);
  }();
  const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> match(
      pcre2_match_data_create(1, nullptr), pcre2_match_data_free);
  return character == " " ||
         pcre2_match(unprintable.get(), reinterpret_cast<PCRE2_SPTR>(character.data()),
                     character.size(), 0, 0, match.get(), nullptr) < 0;
}

std::string hex_escape(char32_t character) {
  const auto code = static_cast<std::uint32_t>(character);
  if (code < 0x100) return fmt::format("\\x{:02x}", code);
  return code < 0x10000 ? fmt::format("\\u{:04x}", code) : fmt::format("\\U{:08x}", code);
}

std::string python_string(std::string_view string) {
  const bool has_single = string.find('\'') != string.npos;
  const char mark = has_single && string.find('"') == string.npos ? '"' : '\'';
  std::string quoted(1, mark);
  while (!string.empty()) {
    std::string_view rest = string;
    const char32_t character = take_character(rest);
    const std::string_view bytes = string.substr(0, string.size() - rest.size());
    string = rest;
    if (character == '\\' || character == static_cast<char32_t>(mark)) {
      (quoted += '\\') += bytes;
    } else if (character == '\n' || character == '\r' || character == '\t') {
      quoted += character == '\n' ? "\\n" : character == '\r' ? "\\r" : "\\t";
    } else {
      const bool plain = character < 0x7F ? character >= 0x20 : is_printable(bytes);
      quoted += plain ? std::string(bytes) : hex_escape(character);
    }
  }
  return quoted + mark;
}

/// A character in a JSON string, which is not ASCII where it needs two escapes.
std::string json_escape(char32_t character) {
  switch (character) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    default:
      break;
  }
  const auto code = static_cast<std::uint32_t>(character);
  if (code < 0x10000) return fmt::format("\\u{:04x}", code);
  return fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((code - 0x10000) >> 10),
                     0xDC00 + ((code - 0x10000) & 0x3FF));
}

std::string json_string(std::string_view string, bool ensure_ascii) {
  std::string quoted = "\"";
  while (!string.empty()) {
    std::string_view rest = string;
    const char32_t character = take_character(rest);
    const bool escaped = character < 0x20 || character == '"' || character == '\\' ||
                         (ensure_ascii && character > 0x7E);
    quoted += escaped ? json_escape(character)
                      : std::string(string.substr(0, string.size() - rest.size()));
    string = rest;
  }
  return quoted + '"';
}

/// Writes a value piece by piece, so that the budget is asked before there is too much of it.
class Writer {
 public:
  explicit Writer(Budget& budget) : budget_(budget) {}
  std::string take() && { return std::move(written_); }

 protected:
  void write(std::string_view piece) {
    budget_.spend(piece.size() + 1);
    written_ += piece;
  }

  Budget& budget_;

 private:
  std::string written_;
};

class ReprWriter : public Writer {
 public:
  using Writer::Writer;

  void write_value(const Value& value) {
    if (const auto* items = as_list(value)) return write_list(**items);
    if (const Dict* dict = as_dict(value)) return write_dict(*dict);
    const auto* string = get<Text>(value);
    if (string != nullptr && string->safe) throw Fault("it prints a list that holds safe text");
    if (holds<Undefined>(value)) return write("Undefined");
    write(string == nullptr ? to_text(budget_, value) : python_string(*string->utf8));
  }

 private:
  void write_list(const List& list) {
    if (list.kind > List::Kind::tuple) {
      throw Fault("it prints a {}; the filter list makes it a list",
                  type_name(std::make_shared<List>(list)));
    }
    const bool is_tuple = list.kind == List::Kind::tuple;
    write(is_tuple ? "(" : "[");
    std::string_view before;
    for (const Value& item : list.items) {
      write(before);
      write_value(item);
      before = ", ";
    }
    if (is_tuple) write(list.items.size() == 1 ? ",)" : ")");
    if (!is_tuple) write("]");
  }

  void write_dict(const Dict& dict) {
    write("{");
    std::string_view before;
    for (const auto& [key, value] : dict.items) {
      write(before);
      write_value(key);
      write(": ");
      write_value(value);
      before = ", ";
    }
    write("}");
  }
};

class JsonWriter : public Writer {
 public:
  JsonWriter(Budget& budget, const JsonStyle& style) : Writer(budget), style_(style) {}

  void write_value(const Value& value) {
    if (const auto* items = as_list(value); items && (*items)->kind <= List::Kind::tuple) {
      write_between('[', ']', (*items)->items, [&](const Value& item) { write_value(item); });
    } else if (const Dict* dict = as_dict(value)) {
      write_dict(*dict);
    } else if (const auto* string = get<Text>(value)) {
      write(json_string(*string->utf8, style_.ensure_ascii));
    } else {
      write(scalar(value));
    }
  }

 private:
  std::string scalar(const Value& value) {
    if (holds<None>(value)) return "null";
    if (const auto* flag = get<bool>(value)) return *flag ? "true" : "false";
    if (const auto* real = get<double>(value); real != nullptr && !std::isfinite(*real)) {
      return std::isnan(*real) ? "NaN" : *real < 0 ? "-Infinity" : "Infinity";
    }
    if (!is_number(value)) throw Fault("tojson cannot write a value of type {}", type_name(value));
    return to_text(budget_, value);
  }

  std::string key_text(const Value& key) {
    const auto* string = get<Text>(key);
    return string == nullptr ? scalar(key) : *string->utf8;
  }

  void write_dict(const Dict& dict) {
    auto items = dict.items;
    if (style_.sort_keys) {
      std::ranges::stable_sort(
          items, [&](const auto& a, const auto& b) { return less(budget_, a.first, b.first); });
    }
    write_between('{', '}', items, [&](const auto& item) {
      write(json_string(key_text(item.first), style_.ensure_ascii));
      write(style_.after_key);
      write_value(item.second);
    });
  }

  template <typename Items, typename WriteItem>
  void write_between(char open, char close, const Items& items, const WriteItem& write_item) {
    write({&open, 1});
    ++level_;
    bool first = true;
    for (const auto& item : items) {
      if (!first) write(style_.between_items);
      first = false;
      break_line();
      write_item(item);
    }
    --level_;
    if (!first) break_line();
    write({&close, 1});
  }

  void break_line() {
    if (!style_.indent) return;
    write("\n");
    for (std::size_t i = 0; i < level_; ++i) write(*style_.indent);
  }

  const JsonStyle& style_;
  std::size_t level_ = 0;
};

}  // namespace

std::string to_text(Budget& budget, const Value& value) {
  if (holds<Undefined>(value)) return "";
  if (holds<None>(value)) return "None";
  if (const auto* flag = get<bool>(value)) return *flag ? "True" : "False";
  if (const auto* integer = get<Integer>(value)) return std::to_string(*integer);
  if (const auto* real = get<double>(value)) return float_text(*real);
  if (const auto* string = get<Text>(value)) {
    budget.spend(string->utf8->size());
    return *string->utf8;
  }
  if (as_list(value) == nullptr && as_dict(value) == nullptr) {
    throw Fault("it prints a value of type {}", type_name(value));
  }
  return repr(budget, value);
}

std::string repr(Budget& budget, const Value& value) {
  ReprWriter writer(budget);
  writer.write_value(value);
  return std::move(writer).take();
}

std::string to_json(Budget& budget, const Value& value, const JsonStyle& style) {
  JsonWriter writer(budget, style);
  writer.write_value(value);
  return std::move(writer).take();
}

}  // namespace ovbake::jinja
