// Filters that make a text of a value.
#include "base/text.hpp"
#include "jinja/operators.hpp"
#include "jinja/python_text.hpp"
#include "jinja/text_functions.hpp"
#include "jinja/value_text.hpp"

namespace ovbake::jinja {
namespace {

/// Argument 0 as text, whatever it is. What was safe would have to stay so, which is not supported.
std::string soft_text(Context& context, const Bound& arguments) {
  const auto* already = get<Text>(arguments[0]);
  if (already != nullptr && already->safe) throw Fault("a filter is applied to safe text");
  return to_text(context.budget(), arguments[0]);
}

Value trim(Context& context, const Bound& arguments) {
  const std::string whole = soft_text(context, arguments);
  const bool has_characters = arguments.find(1) != nullptr && !holds<None>(arguments[1]);
  const std::string* characters = has_characters ? &arguments.text(1) : nullptr;
  if (has_characters) context.budget().spend_search(whole.size(), characters->size());
  return text(context.budget(),
              std::string(strip_left(strip_right(whole, characters), characters)));
}

template <std::string (*kChange)(std::string_view)>
Value changed(Context& context, const Bound& arguments) {
  return text(context.budget(), kChange(soft_text(context, arguments)));
}

/// Words as jinja2 sees them: what stands after white space or one of -({[<.
std::string title_words(std::string_view words) {
  std::string titled = lower(words);
  const std::string capitals = upper(words);
  for (std::size_t i = 0; i < titled.size(); ++i) {
    const bool begins = i == 0 ||
                        std::string_view("-({[<").find(titled[i - 1]) != std::string_view::npos ||
                        is_space(static_cast<unsigned char>(titled[i - 1]));
    if (begins) titled[i] = capitals[i];
  }
  return titled;
}

Value replace_filter(Context& context, const Bound& arguments) {
  Budget& budget = context.budget();
  const Integer most =
      arguments.find(3) == nullptr || holds<None>(arguments[3]) ? -1 : arguments.integer(3);
  return text(budget, replace(budget, to_text(budget, arguments[0]), to_text(budget, arguments[1]),
                              to_text(budget, arguments[2]), most));
}

/// `count` spaces, or the text that is given instead of their number.
std::string indentation(Context& context, const Value& value) {
  if (const auto* text = get<Text>(value)) return *text->utf8;
  Integer storage = 0;
  const Integer* count = as_integer(value, storage);
  if (count == nullptr) throw Fault("an indentation is a {}", type_name(value));
  const auto spaces = static_cast<std::uint64_t>(std::max<Integer>(*count, 0));
  context.budget().spend(spaces);
  return std::string(spaces, ' ');
}

Value indent(Context& context, const Bound& arguments) {
  const std::string whole = soft_text(context, arguments) + '\n';
  const std::string inset = arguments.find(1) ? indentation(context, arguments[1]) : "    ";
  const auto lines = split_lines(whole);
  std::string indented;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool moves =
        i == 0 ? arguments.flag(2, false) : arguments.flag(3, false) || !lines[i].empty();
    context.budget().spend(inset.size() + 1);
    if (i > 0) indented += '\n';
    if (moves) indented += inset;
    indented += lines[i];
  }
  return text(context.budget(), std::move(indented));
}

Value string(Context& context, const Bound& arguments) {
  if (holds<Text>(arguments[0])) return arguments[0];
  return text(context.budget(), to_text(context.budget(), arguments[0]));
}

Value safe(Context& context, const Bound& arguments) {
  Text marked = std::get<Text>(string(context, arguments));
  marked.safe = true;
  return marked;
}

Value join_filter(Context& context, const Bound& arguments) {
  Budget& budget = context.budget();
  std::vector<Value> items = iterate(budget, arguments[0]);
  if (arguments.find(2) != nullptr) {
    for (Value& item : items) item = attribute_at(budget, item, arguments[2]);
  }
  const std::string between = arguments.find(1) ? to_text(budget, arguments[1]) : "";
  return text(budget, join(budget, items, between));
}

/// The separators that were given: a pair of texts.
void set_separators(JsonStyle& style, const Value& given) {
  const auto* pair = as_list(given);
  const bool is_pair = pair != nullptr && (*pair)->items.size() == 2;
  const auto* between = is_pair ? get<Text>((*pair)->items[0]) : nullptr;
  const auto* after = is_pair ? get<Text>((*pair)->items[1]) : nullptr;
  if (between == nullptr || after == nullptr) throw Fault("separators are not a pair of texts");
  style.between_items = *between->utf8;
  style.after_key = *after->utf8;
}

Value tojson(Context& context, const Bound& arguments) {
  JsonStyle style{.ensure_ascii = arguments.flag(1, false), .sort_keys = arguments.flag(4, false)};
  if (arguments.find(2) != nullptr && !holds<None>(arguments[2])) {
    style.indent = indentation(context, arguments[2]);
    style.between_items = std::string(1, ',');
  }
  if (arguments.find(3) != nullptr && !holds<None>(arguments[3]))
    set_separators(style, arguments[3]);
  return text(context.budget(), to_json(context.budget(), arguments[0], style));
}

}  // namespace

std::span<const Builtin> text_filters() {
  static const Builtin table[] = {
      {"trim", {"value", "chars?"}, trim},
      {"upper", {"s"}, changed<jinja::upper>},
      {"lower", {"s"}, changed<jinja::lower>},
      {"capitalize", {"s"}, changed<jinja::capitalize>},
      {"title", {"s"}, changed<title_words>},
      {"replace", {"s", "old", "new", "count?"}, replace_filter},
      {"indent", {"s", "width?", "first?", "blank?"}, indent},
      {"string", {"value"}, string},
      {"safe", {"value"}, safe},
      {"join", {"value", "d?", "attribute?"}, join_filter},
      {"tojson", {"value", "ensure_ascii?", "indent?", "separators?", "sort_keys?"}, tojson},
  };
  return table;
}

}  // namespace ovbake::jinja
