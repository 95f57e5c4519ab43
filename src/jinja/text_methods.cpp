// The methods of Python's str.
#include <algorithm>

#include "base/text.hpp"
#include "jinja/builtin.hpp"
#include "jinja/operators.hpp"
#include "jinja/python_text.hpp"
#include "jinja/text_functions.hpp"
#include "jinja/value_text.hpp"

namespace ovbake::jinja {
namespace {

const std::string& self(const Bound& arguments) { return arguments.text(0); }

/// Argument 1, which is about to be looked for in the text.
const std::string& sought(Context& context, const Bound& arguments) {
  context.budget().spend_search(self(arguments).size(), arguments.text(1).size());
  return arguments.text(1);
}

Value made(Context& context, std::string_view result) {
  return text(context.budget(), std::string(result));
}

/// The characters to strip, or nothing for white space.
const std::string* characters(Context& context, const Bound& arguments) {
  const Value* given = arguments.find(1);
  return given == nullptr || holds<None>(*given) ? nullptr : &sought(context, arguments);
}

Value strip(Context& context, const Bound& arguments) {
  const std::string* stripped = characters(context, arguments);
  return made(context, strip_left(strip_right(self(arguments), stripped), stripped));
}
Value lstrip(Context& context, const Bound& arguments) {
  return made(context, strip_left(self(arguments), characters(context, arguments)));
}
Value rstrip(Context& context, const Bound& arguments) {
  return made(context, strip_right(self(arguments), characters(context, arguments)));
}

Value parts(Context& context, const std::vector<std::string_view>& parts) {
  std::vector<Value> values;
  for (const auto part : parts) values.push_back(made(context, part));
  return list(context.budget(), std::move(values));
}

bool has_separator(const Bound& arguments) {
  const Value* separator = arguments.find(1);
  if (separator == nullptr || holds<None>(*separator)) return false;
  if (arguments.text(1).empty()) throw Fault("a text is split at nothing");
  return true;
}

Value split(Context& context, const Bound& arguments) {
  const Integer most = arguments.integer(2, -1);
  return parts(context, has_separator(arguments)
                            ? split_at(self(arguments), sought(context, arguments), most)
                            : split_at_space(self(arguments), most));
}

Value rsplit(Context& context, const Bound& arguments) {
  if (!has_separator(arguments)) throw Fault("rsplit is supported only with a separator");
  return parts(context, split_at_from_right(self(arguments), sought(context, arguments),
                                            arguments.integer(2, -1)));
}

Value splitlines(Context& context, const Bound& arguments) {
  return parts(context, split_lines(self(arguments)));
}

/// Whether `matches` one of the texts that argument 1 is or holds.
template <typename Matches>
bool matches_any(const Bound& arguments, const Matches& matches) {
  const auto* several = as_list(arguments[1]);
  if (several == nullptr || (*several)->kind != List::Kind::tuple)
    return matches(arguments.text(1));
  return std::ranges::any_of((*several)->items, [&](const Value& item) {
    const auto* part = get<Text>(item);
    if (part == nullptr) throw Fault("a value of type {} is no beginning or end", type_name(item));
    return matches(*part->utf8);
  });
}

Value startswith(Context&, const Bound& arguments) {
  return matches_any(arguments,
                     [&](const std::string& part) { return self(arguments).starts_with(part); });
}
Value endswith(Context&, const Bound& arguments) {
  return matches_any(arguments,
                     [&](const std::string& part) { return self(arguments).ends_with(part); });
}

Value removeprefix(Context& context, const Bound& arguments) {
  std::string_view rest = self(arguments);
  if (rest.starts_with(arguments.text(1))) rest.remove_prefix(arguments.text(1).size());
  return made(context, rest);
}
Value removesuffix(Context& context, const Bound& arguments) {
  std::string_view rest = self(arguments);
  if (rest.ends_with(arguments.text(1))) rest.remove_suffix(arguments.text(1).size());
  return made(context, rest);
}

template <std::string (*kChange)(std::string_view)>
Value changed(Context& context, const Bound& arguments) {
  return made(context, kChange(self(arguments)));
}

Value replace_method(Context& context, const Bound& arguments) {
  return made(context, replace(context.budget(), self(arguments), arguments.text(1),
                               arguments.text(2), arguments.integer(3, -1)));
}

Value join_method(Context& context, const Bound& arguments) {
  const std::vector<Value> items = iterate(context.budget(), arguments[1]);
  for (const Value& item : items) {
    if (!holds<Text>(item)) throw Fault("join takes texts, not a {}", type_name(item));
  }
  return made(context, join(context.budget(), items, self(arguments)));
}

Value place(const Bound& arguments, std::size_t at) {
  if (at == std::string::npos) return Integer{-1};
  return static_cast<Integer>(count_characters(std::string_view(self(arguments)).substr(0, at)));
}
Value find(Context& context, const Bound& arguments) {
  return place(arguments, self(arguments).find(sought(context, arguments)));
}
Value rfind(Context& context, const Bound& arguments) {
  return place(arguments, self(arguments).rfind(sought(context, arguments)));
}
Value index(Context& context, const Bound& arguments) {
  const std::size_t at = self(arguments).find(sought(context, arguments));
  if (at == std::string::npos) throw Fault("{} is not in the text", quote(arguments.text(1)));
  return place(arguments, at);
}

Value count(Context& context, const Bound& arguments) {
  const std::string& part = sought(context, arguments);
  if (part.empty()) return static_cast<Integer>(count_characters(self(arguments)) + 1);
  return static_cast<Integer>(split_at(self(arguments), part, -1).size() - 1);
}

Value format(Context& context, const Bound& arguments) {
  return made(context, format_fields(context.budget(), self(arguments), arguments.rest()));
}

}  // namespace

std::span<const Builtin> text_methods() {
  static const Builtin table[] = {
      {"strip", {"self", "chars?"}, strip},
      {"lstrip", {"self", "chars?"}, lstrip},
      {"rstrip", {"self", "chars?"}, rstrip},
      {"split", {"self", "sep?", "maxsplit?"}, split},
      {"rsplit", {"self", "sep?", "maxsplit?"}, rsplit},
      {"splitlines", {"self"}, splitlines},
      {"startswith", {"self", "prefix"}, startswith},
      {"endswith", {"self", "suffix"}, endswith},
      {"removeprefix", {"self", "prefix"}, removeprefix},
      {"removesuffix", {"self", "suffix"}, removesuffix},
      {"upper", {"self"}, changed<jinja::upper>},
      {"lower", {"self"}, changed<jinja::lower>},
      {"title", {"self"}, changed<jinja::title>},
      {"capitalize", {"self"}, changed<jinja::capitalize>},
      {"replace", {"self", "old", "new", "count?"}, replace_method},
      {"join", {"self", "iterable"}, join_method},
      {"find", {"self", "sub"}, find},
      {"rfind", {"self", "sub"}, rfind},
      {"index", {"self", "sub"}, index},
      {"count", {"self", "sub"}, count},
      {"format", {"self", "*", "**"}, format},
  };
  return table;
}

}  // namespace ovbake::jinja
