#include "jinja/text_functions.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "jinja/python_text.hpp"
#include "jinja/value_text.hpp"

namespace ovbake::jinja {
namespace {

const Value& field_value(std::string_view name, std::size_t& next, const Arguments& arguments) {
  const auto found = std::ranges::find(arguments.named, name, &Members::value_type::first);
  if (found != arguments.named.end()) return found->second;
  std::size_t place = next;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), place);
  if (name.empty()) ++next;
  if (read.ptr != name.data() + name.size() || place >= arguments.positional.size()) {
    throw Fault("the field {} of a format is not supported or not given", quote(name));
  }
  return arguments.positional[place];
}

}  // namespace

std::string replace(Budget& budget, std::string_view text, std::string_view from,
                    std::string_view to, Integer most) {
  budget.spend_search(text.size(), from.size());
  const bool between_characters = from.empty();
  const auto parts = between_characters ? split_characters(text) : split_at(text, from, most);
  const auto replaced = [&](std::size_t count) {
    return most < 0 || count < static_cast<std::size_t>(most);
  };
  std::string result;
  const auto append = [&](std::string_view piece) {
    budget.spend(piece.size() + 1);
    result += piece;
  };
  if (between_characters && replaced(0)) append(to);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    append(parts[i]);
    const bool is_last = i + 1 == parts.size();
    if (between_characters ? replaced(i + 1) : !is_last) append(to);
  }
  return result;
}

std::string join(Budget& budget, const std::vector<Value>& items, std::string_view between) {
  std::string joined;
  for (std::size_t i = 0; i < items.size(); ++i) {
    budget.spend(between.size());
    if (i > 0) joined += between;
    joined += to_text(budget, items[i]);
  }
  return joined;
}

std::string format_fields(Budget& budget, std::string_view format, const Arguments& arguments) {
  std::string result;
  std::size_t next = 0;
  while (!format.empty()) {
    const char c = format.front();
    const bool is_brace = c == '{' || c == '}';
    format.remove_prefix(1);
    if (!is_brace || format.starts_with(c)) {
      if (is_brace) format.remove_prefix(1);
      result += c;
      continue;
    }
    const std::size_t end = format.find('}');
    if (c == '}' || end == format.npos) throw Fault("a format has a single brace");
    result += to_text(budget, field_value(format.substr(0, end), next, arguments));
    format.remove_prefix(end + 1);
  }
  return result;
}

}  // namespace ovbake::jinja
