// Filters that take sequences apart, choose from them or put them in order.
#include <algorithm>

#include "base/text.hpp"
#include "jinja/operators.hpp"
#include "jinja/python_text.hpp"

namespace ovbake::jinja {
namespace {

Value default_value(Context& context, const Bound& arguments) {
  const Value& value = arguments[0];
  const bool replaced = holds<Undefined>(value) || (arguments.flag(2, false) && !truth(value));
  if (!replaced) return value;
  return arguments.find(1) == nullptr ? text(context.budget(), "") : arguments[1];
}

Value length_filter(Context&, const Bound& arguments) { return length(arguments[0]); }

Value first(Context& context, const Bound& arguments) {
  const auto* list = as_list(arguments[0]);
  if (list != nullptr && (*list)->kind == List::Kind::generator && !(*list)->items.empty()) {
    Value taken = (*list)->items.front();
    (*list)->items.erase((*list)->items.begin());
    return taken;
  }
  const std::vector<Value> items = iterate(context.budget(), arguments[0]);
  return items.empty() ? undefined("the first item of an empty sequence") : items.front();
}

Value last(Context& context, const Bound& arguments) {
  const auto* list = as_list(arguments[0]);
  if (list != nullptr && (*list)->kind == List::Kind::generator) {
    throw Fault("a generator has no last item; the filter list makes it a list");
  }
  const std::vector<Value> items = iterate(context.budget(), arguments[0]);
  return items.empty() ? undefined("the last item of an empty sequence") : items.back();
}

Value generator(Context& context, std::vector<Value> items) {
  return list(context.budget(), std::move(items), List::Kind::generator);
}

Value to_list(Context& context, const Bound& arguments) {
  return list(context.budget(), iterate(context.budget(), arguments[0]));
}

std::vector<Value> items_of(Context& context, const Value& value) {
  if (holds<Undefined>(value)) return {};
  const Dict* dict = as_dict(value);
  if (dict == nullptr) throw Fault("a value of type {} has no keys", type_name(value));
  return pairs_of(context.budget(), *dict);
}

Value items(Context& context, const Bound& arguments) {
  return generator(context, items_of(context, arguments[0]));
}

Value reverse(Context& context, const Bound& arguments) {
  std::vector<Value> items = iterate(context.budget(), arguments[0]);
  std::ranges::reverse(items);
  if (holds<Text>(arguments[0])) {
    std::string reversed;
    for (const Value& character : items) reversed += *std::get<Text>(character).utf8;
    return text(context.budget(), std::move(reversed));
  }
  const auto* given = as_list(arguments[0]);
  const bool was_generator = given != nullptr && (*given)->kind == List::Kind::generator;
  return was_generator ? list(context.budget(), std::move(items))
                       : generator(context, std::move(items));
}

/// What a value is put in order by: an attribute of it where one is named; texts in lower case.
Value order_key(Context& context, const Value& value, const Value* attribute, bool case_sensitive) {
  Value key = attribute == nullptr || holds<None>(*attribute)
                  ? value
                  : attribute_at(context.budget(), value, *attribute);
  const auto* string = get<Text>(key);
  return string == nullptr || case_sensitive ? key : text(context.budget(), lower(*string->utf8));
}

struct Keyed {
  Value key, value;
};

std::vector<Keyed> with_keys(Context& context, const std::vector<Value>& values,
                             const Value* attribute, bool case_sensitive) {
  std::vector<Keyed> keyed;
  for (const Value& value : values) {
    keyed.push_back({order_key(context, value, attribute, case_sensitive), value});
  }
  return keyed;
}

Value in_order(Context& context, std::vector<Keyed> keyed, bool is_reversed) {
  std::ranges::stable_sort(keyed, [&](const Keyed& a, const Keyed& b) {
    return is_reversed ? less(context.budget(), b.key, a.key)
                       : less(context.budget(), a.key, b.key);
  });
  std::vector<Value> ordered;
  for (Keyed& entry : keyed) ordered.push_back(std::move(entry.value));
  return list(context.budget(), std::move(ordered));
}

Value sort(Context& context, const Bound& arguments) {
  const std::vector<Value> values = iterate(context.budget(), arguments[0]);
  return in_order(context, with_keys(context, values, arguments.find(3), arguments.flag(2, false)),
                  arguments.flag(1, false));
}

Value dictsort(Context& context, const Bound& arguments) {
  const std::string by = arguments.find(2) == nullptr ? "key" : arguments.text(2);
  if (by != "key" && by != "value")
    throw Fault("dictsort is by {}, not by key or value", quote(by));
  const Value place = Integer{by == "key" ? 0 : 1};
  return in_order(
      context,
      with_keys(context, items_of(context, arguments[0]), &place, arguments.flag(1, false)),
      arguments.flag(3, false));
}

Value unique(Context& context, const Bound& arguments) {
  const std::vector<Value> values = iterate(context.budget(), arguments[0]);
  std::vector<Value> seen, kept;
  for (auto& [key, value] :
       with_keys(context, values, arguments.find(2), arguments.flag(1, false))) {
    if (as_list(key) != nullptr || as_dict(key) != nullptr)
      throw Fault("unique is given a {}", type_name(key));
    const auto is_it = [&, &candidate = key](const Value& other) {
      return equal(context.budget(), candidate, other);
    };
    if (std::ranges::any_of(seen, is_it)) continue;
    seen.push_back(key);
    kept.push_back(value);
  }
  return generator(context, std::move(kept));
}

template <bool kLargest>
Value extreme(Context& context, const Bound& arguments) {
  const std::vector<Value> values = iterate(context.budget(), arguments[0]);
  if (values.empty()) return undefined("the extreme of an empty sequence");
  const auto keyed = with_keys(context, values, arguments.find(2), arguments.flag(1, false));
  const Keyed* best = &keyed.front();
  for (const Keyed& other : keyed) {
    const bool better = kLargest ? less(context.budget(), best->key, other.key)
                                 : less(context.budget(), other.key, best->key);
    if (better) best = &other;
  }
  return best->value;
}

Value sum(Context& context, const Bound& arguments) {
  const bool has_attribute = arguments.find(1) != nullptr && !holds<None>(arguments[1]);
  Value total = arguments.find(2) == nullptr ? Integer{0} : arguments[2];
  for (const Value& value : iterate(context.budget(), arguments[0])) {
    total = compute(context.budget(), Arithmetic::add, total,
                    has_attribute ? attribute_at(context.budget(), value, arguments[1]) : value);
  }
  return total;
}

Value batch(Context& context, const Bound& arguments) {
  const Integer count = arguments.integer(1);
  if (count < 1) throw Fault("batch is given a length of {}", count);
  const auto length = static_cast<std::size_t>(count);
  std::vector<Value> batches, open;
  for (Value& value : iterate(context.budget(), arguments[0])) {
    open.push_back(std::move(value));
    if (open.size() == length) batches.push_back(list(context.budget(), std::exchange(open, {})));
  }
  const bool fills = arguments.find(2) != nullptr && !holds<None>(arguments[2]);
  while (fills && !open.empty() && open.size() < length) {
    context.budget().spend(sizeof(Value));
    open.push_back(arguments[2]);
  }
  if (!open.empty()) batches.push_back(list(context.budget(), std::move(open)));
  return generator(context, std::move(batches));
}

/// What is left of `arguments` after the first `count`.
Arguments without_first(Arguments arguments, std::size_t count) {
  arguments.positional.erase(arguments.positional.begin(),
                             arguments.positional.begin() + static_cast<std::ptrdiff_t>(count));
  return arguments;
}

std::string_view name_in(const Value& value) {
  const auto* name = get<Text>(value);
  if (name == nullptr)
    throw Fault("a value of type {} stands for the name of a filter or test", type_name(value));
  return *name->utf8;
}

/// What map() is given instead of a filter: attribute= and default=.
Value map_attribute(Context& context, const Arguments& given, const Value& value) {
  static const std::vector<std::string_view> parameters{"attribute", "default?"};
  const Bound arguments("map", parameters, given);
  const Value found = attribute_at(context.budget(), value, arguments[0]);
  const bool has_default = arguments.find(1) != nullptr && !holds<None>(arguments[1]);
  return holds<Undefined>(found) && has_default ? arguments[1] : found;
}

/// The items of what is true, none of what is not, be it None.
std::vector<Value> iterate_if_true(Context& context, const Value& value) {
  return truth(value) ? iterate(context.budget(), value) : std::vector<Value>();
}

Value map(Context& context, const Bound& arguments) {
  const Arguments& given = arguments.rest();
  std::vector<Value> mapped = iterate_if_true(context, arguments[0]);
  if (given.positional.empty()) {
    for (Value& value : mapped) value = map_attribute(context, given, value);
    return generator(context, std::move(mapped));
  }
  const Builtin* filter = find_filter(name_in(given.positional[0]));
  if (filter == nullptr)
    throw Fault("the filter {} is not known", quote(name_in(given.positional[0])));
  const Arguments rest = without_first(given, 1);
  for (Value& value : mapped) value = apply(context, *filter, value, rest);
  return generator(context, std::move(mapped));
}

/// The values that pass a test, or that do not; of an attribute of theirs where one comes first.
template <bool kByAttribute, bool kExpected>
Value choose(Context& context, const Bound& arguments) {
  constexpr std::size_t kBefore = kByAttribute ? 1 : 0;
  const Arguments& given = arguments.rest();
  if (given.positional.size() < kBefore) throw Fault("the name of an attribute is missing");
  const bool has_test = given.positional.size() > kBefore;
  const Builtin* test =
      has_test ? find_builtin(tests(), name_in(given.positional[kBefore])) : nullptr;
  if (has_test && test == nullptr)
    throw Fault("the test {} is not known", quote(name_in(given.positional[kBefore])));
  const Arguments rest = has_test ? without_first(given, kBefore + 1) : Arguments{};
  std::vector<Value> values = iterate_if_true(context, arguments[0]);
  std::erase_if(values, [&](const Value& value) {
    const Value& tested =
        kByAttribute ? attribute_at(context.budget(), value, given.positional[0]) : value;
    return truth(has_test ? apply(context, *test, tested, rest) : tested) != kExpected;
  });
  return generator(context, std::move(values));
}

}  // namespace

std::span<const Builtin> sequence_filters() {
  static const Builtin table[] = {
      {"default", {"value", "default_value?", "boolean?"}, default_value},
      {"d", {"value", "default_value?", "boolean?"}, default_value},
      {"length", {"value"}, length_filter},
      {"count", {"value"}, length_filter},
      {"first", {"seq"}, first},
      {"last", {"seq"}, last},
      {"list", {"value"}, to_list},
      {"items", {"value"}, items},
      {"reverse", {"value"}, reverse},
      {"sort", {"value", "reverse?", "case_sensitive?", "attribute?"}, sort},
      {"dictsort", {"value", "case_sensitive?", "by?", "reverse?"}, dictsort},
      {"unique", {"value", "case_sensitive?", "attribute?"}, unique},
      {"min", {"value", "case_sensitive?", "attribute?"}, extreme<false>},
      {"max", {"value", "case_sensitive?", "attribute?"}, extreme<true>},
      {"sum", {"iterable", "attribute?", "start?"}, sum},
      {"batch", {"value", "linecount", "fill_with?"}, batch},
      {"map", {"value", "*", "**"}, map},
      {"select", {"value", "*", "**"}, choose<false, true>},
      {"reject", {"value", "*", "**"}, choose<false, false>},
      {"selectattr", {"value", "*", "**"}, choose<true, true>},
      {"rejectattr", {"value", "*", "**"}, choose<true, false>},
  };
  return table;
}

}  // namespace ovbake::jinja
