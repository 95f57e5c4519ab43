#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "jinja/builtin.hpp"
#include "jinja/loop.hpp"
#include "jinja/operators.hpp"
#include "jinja/python_text.hpp"

namespace ovbake::jinja {
namespace {

/// Attributes that Python has and that are not computed here, by the names of the types. A template
/// which asks for one must not be told that it is undefined.
constexpr std::pair<std::string_view, std::string_view> kUnsupported[] = {
    {"str",
     " casefold center encode expandtabs format_map isalnum isalpha isascii isdecimal isdigit "
     "isidentifier islower isnumeric isprintable isspace istitle isupper ljust maketrans partition "
     "rjust rpartition swapcase translate zfill "},
    {"list", " append clear copy extend insert pop remove reverse sort "},
    {"dict", " clear copy fromkeys pop popitem setdefault update "},
    {"bool", " as_integer_ratio bit_count bit_length conjugate denominator imag numerator real "},
    {"int", " as_integer_ratio bit_count bit_length conjugate denominator imag numerator real "},
    {"float", " as_integer_ratio conjugate hex imag is_integer real "},
    {"range", " start step stop "},
    {"dict view", " isdisjoint mapping "},
    {"LoopContext", " changed cycle "},
    {"function", " arguments caller catch_kwargs catch_varargs explicit_caller name "},
};

void require_defined(const Value& value) {
  if (const auto* missing = get<Undefined>(value)) throw Fault("{} is undefined", *missing->what);
}

const Builtin* find_method(const Value& value, std::string_view name) {
  if (holds<Text>(value)) return find_builtin(text_methods(), name);
  if (as_dict(value) != nullptr) return find_builtin(dict_methods(), name);
  const auto* items = as_list(value);
  const bool has_methods = items != nullptr && (*items)->kind <= List::Kind::range;
  return has_methods ? find_builtin(list_methods(), name) : nullptr;
}

void refuse_unsupported(const Value& value, std::string_view name) {
  const auto* known = std::ranges::find(kUnsupported, type_name(value),
                                        [](const auto& entry) { return entry.first; });
  const bool listed = known != std::end(kUnsupported) &&
                      known->second.find(fmt::format(" {} ", name)) != std::string_view::npos;
  if (!listed && !name.starts_with("__")) return;
  throw Fault("the attribute {} of a {} is not supported", quote(name), type_name(value));
}

/// What Python's getattr() finds.
std::optional<Value> own_attribute(const Value& value, std::string_view name) {
  if (const auto* space = get<std::shared_ptr<Namespace>>(value)) {
    for (const auto& [key, member] : (*space)->members) {
      if (key == name) return member;
    }
    return std::nullopt;
  }
  if (const auto* loop = get<std::shared_ptr<const Loop>>(value)) {
    if (auto found = (*loop)->attribute(name)) return found;
  }
  if (const Builtin* method = find_method(value, name)) return bind(*method, &value);
  refuse_unsupported(value, name);
  return std::nullopt;
}

Value missing(const Value& value, std::string_view name) {
  return undefined(fmt::format("the attribute {} of a {}", quote(name), type_name(value)));
}

std::optional<std::size_t> place_of(Integer index, std::size_t count) {
  const auto size = static_cast<Integer>(count);
  if (index < -size || index >= size) return std::nullopt;
  return static_cast<std::size_t>(index < 0 ? index + size : index);
}

std::optional<Value> item_at(Budget& budget, const Value& value, Integer index) {
  if (const auto* string = get<Text>(value)) {
    const auto characters = split_characters(*string->utf8);
    budget.spend(string->utf8->size());
    const auto place = place_of(index, characters.size());
    if (place) return text(budget, std::string(characters[*place]));
  }
  const auto* items = as_list(value);
  if (items == nullptr || (*items)->kind > List::Kind::range) return std::nullopt;
  const auto place = place_of(index, (*items)->items.size());
  return place ? std::optional((*items)->items[*place]) : std::nullopt;
}

/// The places that a slice takes of `count` items, as Python's slice.indices() has them.
std::vector<std::size_t> places_of(const Slice& slice, std::size_t count) {
  const auto size = static_cast<Integer>(count);
  const Integer step = slice.step.value_or(1);
  if (step == 0) throw Fault("the step of a slice is 0");
  const Integer lowest = step < 0 ? -1 : 0;
  const Integer highest = step < 0 ? size - 1 : size;
  const auto clamp = [&](std::optional<Integer> at, Integer otherwise) {
    if (!at) return otherwise;
    return std::clamp(*at < 0 ? *at + size : *at, lowest, highest);
  };
  const Integer start = clamp(slice.start, step < 0 ? highest : lowest);
  const Integer stop = clamp(slice.stop, step < 0 ? lowest : highest);
  std::vector<std::size_t> places;
  for (Integer at = start; step < 0 ? at > stop : at < stop;) {
    places.push_back(static_cast<std::size_t>(at));
    if (__builtin_add_overflow(at, step, &at)) break;
  }
  return places;
}

}  // namespace

Value attribute(Budget& budget, const Value& value, std::string_view name) {
  require_defined(value);
  if (auto found = own_attribute(value, name)) return *found;
  const Dict* dict = as_dict(value);
  if (const Value* found = dict == nullptr ? nullptr : dict->find(budget, name)) return *found;
  return missing(value, name);
}

Value item(Budget& budget, const Value& value, const Value& key) {
  require_defined(value);
  const Dict* dict = as_dict(value);
  const bool may_be_key = dict != nullptr && as_list(key) == nullptr && as_dict(key) == nullptr;
  if (const Value* found = may_be_key ? dict->find(budget, key) : nullptr) return *found;
  Integer storage = 0;
  if (const Integer* index = as_integer(key, storage)) {
    if (auto found = item_at(budget, value, *index)) return *found;
    return undefined(fmt::format("the item {} of a {}", *index, type_name(value)));
  }
  const auto* name = get<Text>(key);
  if (name == nullptr) {
    return undefined(
        fmt::format("the item of a {} that a {} names", type_name(value), type_name(key)));
  }
  if (auto found = own_attribute(value, *name->utf8)) return *found;
  return missing(value, *name->utf8);
}

Value attribute_at(Budget& budget, const Value& value, const Value& path) {
  const auto* names = get<Text>(path);
  if (names == nullptr) return item(budget, value, path);
  Value found = value;
  for (const std::string_view name : split_at(*names->utf8, ".", -1)) {
    Integer index = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), index);
    const bool is_index =
        read.ec == std::errc() && read.ptr == name.data() + name.size() && index >= 0;
    found = item(budget, found, is_index ? Value(index) : text(budget, std::string(name)));
  }
  return found;
}

Value slice(Budget& budget, const Value& value, const Slice& slice) {
  if (const auto* string = get<Text>(value); string != nullptr && !string->safe) {
    const auto characters = split_characters(*string->utf8);
    budget.spend(string->utf8->size());
    std::string taken;
    for (const std::size_t place : places_of(slice, characters.size())) taken += characters[place];
    return text(budget, std::move(taken));
  }
  const auto* items = as_list(value);
  if (items == nullptr || (*items)->kind > List::Kind::range) {
    require_defined(value);
    throw Fault("a value of type {} has no slices", type_name(value));
  }
  std::vector<Value> taken;
  for (const std::size_t place : places_of(slice, (*items)->items.size())) {
    taken.push_back((*items)->items[place]);
  }
  return list(budget, std::move(taken), (*items)->kind);
}

bool contains(Budget& budget, const Value& container, const Value& item) {
  if (const auto* string = get<Text>(container)) {
    const auto* part = get<Text>(item);
    if (part == nullptr) throw Fault("a value of type {} cannot be in a text", type_name(item));
    budget.spend_search(string->utf8->size(), part->utf8->size());
    return string->utf8->find(*part->utf8) != std::string::npos;
  }
  if (const Dict* dict = as_dict(container)) return dict->find(budget, item) != nullptr;
  if (holds<Undefined>(container)) return false;
  const auto* items = as_list(container);
  if (items == nullptr) {
    throw Fault("nothing can be in a value of type {}", type_name(container));
  }
  auto& candidates = (*items)->items;
  const auto found = std::ranges::find_if(
      candidates, [&](const Value& candidate) { return equal(budget, candidate, item); });
  const bool is_in = found != candidates.end();
  if ((*items)->kind == List::Kind::generator)
    candidates.erase(candidates.begin(), found + (is_in ? 1 : 0));
  return is_in;
}

std::vector<Value> iterate(Budget& budget, const Value& value) {
  if (const auto* items = as_list(value)) {
    if ((*items)->kind == List::Kind::generator) return std::exchange((*items)->items, {});
    budget.spend((*items)->items.size() * sizeof(Value));
    return (*items)->items;
  }
  std::vector<Value> items;
  if (const auto* string = get<Text>(value)) {
    for (const auto character : split_characters(*string->utf8)) {
      items.push_back(text(budget, std::string(character)));
      budget.spend(sizeof(Value));
    }
  } else if (const Dict* dict = as_dict(value)) {
    budget.spend(dict->items.size() * sizeof(Value));
    for (const auto& [key, member] : dict->items) items.push_back(key);
  } else if (!holds<Undefined>(value)) {
    throw Fault("a value of type {} has no items to go through", type_name(value));
  }
  return items;
}

std::vector<Value> pairs_of(Budget& budget, const Dict& dict) {
  std::vector<Value> pairs;
  for (const auto& [key, value] : dict.items) {
    pairs.push_back(list(budget, {key, value}, List::Kind::tuple));
  }
  return pairs;
}

Integer length(const Value& value) {
  if (const auto* string = get<Text>(value))
    return static_cast<Integer>(count_characters(*string->utf8));
  if (const Dict* dict = as_dict(value)) return static_cast<Integer>(dict->items.size());
  const auto* items = as_list(value);
  if (items != nullptr && (*items)->kind != List::Kind::generator)
    return static_cast<Integer>((*items)->items.size());
  if (!holds<Undefined>(value)) throw Fault("a value of type {} has no length", type_name(value));
  return 0;
}

Value call(Context& context, const Value& callee, const Arguments& arguments) {
  const auto* callable = get<std::shared_ptr<const Callable>>(callee);
  require_defined(callee);
  if (callable == nullptr) throw Fault("a value of type {} cannot be called", type_name(callee));
  return (*callable)->call(context, arguments);
}

}  // namespace ovbake::jinja
