#include "jinja/value.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "base/json.hpp"

namespace ovbake::jinja {
namespace {

constexpr std::size_t kMaxDepth = 100;

std::size_t depth_of(const Value& value) {
  if (const auto* items = as_list(value)) return (*items)->depth;
  const Dict* dict = as_dict(value);
  return dict == nullptr ? 0 : dict->depth;
}

std::size_t checked_depth(std::size_t inner) {
  if (inner >= kMaxDepth) throw Fault("it nests a value deeper than {} levels", kMaxDepth);
  return inner + 1;
}

/// As integers where both are, else as floats.
template <typename Comparison>
bool compare_numbers(const Value& a, const Value& b, const Comparison& holds_for) {
  Integer x = 0, y = 0;
  const Integer* left = as_integer(a, x);
  const Integer* right = as_integer(b, y);
  return left != nullptr && right != nullptr ? holds_for(*left, *right)
                                             : holds_for(to_double(a), to_double(b));
}

bool equal_lists(Budget& budget, const List& a, const List& b) {
  return a.kind == b.kind &&
         std::ranges::equal(a.items, b.items,
                            [&](const auto& x, const auto& y) { return equal(budget, x, y); });
}

bool equal_dicts(Budget& budget, const Dict& a, const Dict& b) {
  return a.items.size() == b.items.size() && std::ranges::all_of(a.items, [&](const auto& item) {
           const Value* other = b.find(budget, item.first);
           return other != nullptr && equal(budget, item.second, *other);
         });
}

template <typename Items>
auto find_item(Budget& budget, Items& items, const Value& key) {
  return std::ranges::find_if(items,
                              [&](const auto& item) { return equal(budget, item.first, key); });
}

void require_hashable(const Value& key) {
  const auto* items = as_list(key);
  const bool is_list = items != nullptr && (*items)->kind == List::Kind::list;
  if (is_list || as_dict(key) != nullptr)
    throw Fault("a value of type {} cannot be a key", type_name(key));
}

bool less_lists(Budget& budget, const List& a, const List& b) {
  const std::size_t common = std::min(a.items.size(), b.items.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (!equal(budget, a.items[i], b.items[i])) return less(budget, a.items[i], b.items[i]);
  }
  return a.items.size() < b.items.size();
}

}  // namespace

const Value* Dict::find(Budget& budget, std::string_view key) const {
  budget.spend(items.size());
  for (const auto& [name, value] : items) {
    const auto* text = get<Text>(name);
    if (text != nullptr && *text->utf8 == key) return &value;
  }
  return nullptr;
}

const Value* Dict::find(Budget& budget, const Value& key) const {
  require_hashable(key);
  const auto found = find_item(budget, items, key);
  return found == items.end() ? nullptr : &found->second;
}

Value& member(Members& members, std::string_view key) {
  for (auto& [name, value] : members) {
    if (name == key) return value;
  }
  return members.emplace_back(key, Value()).second;
}

Value undefined(std::string what) {
  return Undefined{std::make_shared<const std::string>(std::move(what))};
}

Value text(Budget& budget, std::string utf8) {
  budget.spend(utf8.size());
  return Text{std::make_shared<const std::string>(std::move(utf8))};
}

Value list(Budget& budget, std::vector<Value> items, List::Kind kind) {
  budget.spend(items.size() * sizeof(Value));
  std::size_t depth = 0;
  for (const Value& item : items) depth = std::max(depth, depth_of(item));
  return std::make_shared<List>(List{kind, std::move(items), checked_depth(depth)});
}

Value dict(Budget& budget, std::vector<std::pair<Value, Value>> items) {
  Dict made;
  std::size_t depth = 0;
  for (std::pair<Value, Value>& item : items) {
    budget.spend(2 * sizeof(Value));
    depth = std::max({depth, depth_of(item.first), depth_of(item.second)});
    require_hashable(item.first);
    const auto earlier = find_item(budget, made.items, item.first);
    if (earlier == made.items.end()) {
      made.items.push_back(std::move(item));
    } else {
      earlier->second = std::move(item.second);
    }
  }
  made.depth = checked_depth(depth);
  return std::make_shared<const Dict>(std::move(made));
}

Value from_json(Budget& budget, const Json& json) {
  if (json.is_null()) return None{};
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_float()) return json.get<double>();
  if (json.is_string()) return text(budget, json.get<std::string>());
  if (json.is_array()) {
    std::vector<Value> items;
    for (const Json& item : json) items.push_back(from_json(budget, item));
    return list(budget, std::move(items));
  }
  if (json.is_object()) {
    std::vector<std::pair<Value, Value>> items;
    for (const auto& item : json.items()) {
      items.emplace_back(text(budget, item.key()), from_json(budget, item.value()));
    }
    return dict(budget, std::move(items));
  }
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX) {
    throw Fault("the number {} does not fit 64 bits", json.get<std::uint64_t>());
  }
  return json.get<Integer>();
}

std::string_view type_name(const Value& value) {
  constexpr auto kNames =
      std::to_array<std::string_view>({"Undefined", "NoneType", "bool", "int", "float", "str",
                                       "list", "dict", "Namespace", "LoopContext", "function"});
  constexpr auto kListNames =
      std::to_array<std::string_view>({"list", "tuple", "range", "dict view", "generator"});
  const auto* items = as_list(value);
  return items == nullptr ? kNames[value.index()]
                          : kListNames[static_cast<std::size_t>((*items)->kind)];
}

bool truth(const Value& value) {
  if (const auto* flag = get<bool>(value)) return *flag;
  if (const auto* integer = get<Integer>(value)) return *integer != 0;
  if (const auto* real = get<double>(value)) return *real != 0;
  if (const auto* string = get<Text>(value)) return !string->utf8->empty();
  if (const auto* items = as_list(value)) {
    return (*items)->kind == List::Kind::generator || !(*items)->items.empty();
  }
  if (const Dict* dict = as_dict(value)) return !dict->items.empty();
  return !holds<Undefined>(value) && !holds<None>(value);
}

const std::shared_ptr<List>* as_list(const Value& value) {
  return get<std::shared_ptr<List>>(value);
}

const Dict* as_dict(const Value& value) {
  const auto* found = get<std::shared_ptr<const Dict>>(value);
  return found == nullptr ? nullptr : found->get();
}

bool is_number(const Value& value) {
  return holds<bool>(value) || holds<Integer>(value) || holds<double>(value);
}

const Integer* as_integer(const Value& value, Integer& storage) {
  if (const auto* integer = get<Integer>(value)) return integer;
  if (const auto* flag = get<bool>(value)) return &(storage = *flag ? 1 : 0);
  return nullptr;
}

double to_double(const Value& value) {
  Integer storage = 0;
  if (const Integer* integer = as_integer(value, storage)) return static_cast<double>(*integer);
  return std::get<double>(value);
}

bool equal(Budget& budget, const Value& a, const Value& b) {
  budget.spend(Budget::kStep);
  if (is_number(a) && is_number(b)) return compare_numbers(a, b, std::ranges::equal_to());
  if (a.index() != b.index()) return false;
  if (const auto* string = get<Text>(a)) {
    budget.spend(string->utf8->size());
    return *string->utf8 == *std::get<Text>(b).utf8;
  }
  if (const auto* items = as_list(a); items != nullptr && *items != *as_list(b)) {
    return equal_lists(budget, **items, **as_list(b));
  }
  if (const Dict* dict = as_dict(a)) return equal_dicts(budget, *dict, *as_dict(b));
  return std::visit(
      [&]<typename T>(const T& x) {
        if constexpr (requires { x.get(); }) return x == std::get<T>(b);
        return true;
      },
      static_cast<const Value::variant&>(a));
}

bool less(Budget& budget, const Value& a, const Value& b) {
  budget.spend(Budget::kStep);
  if (is_number(a) && is_number(b)) return compare_numbers(a, b, std::ranges::less());
  if (holds<Text>(a) && holds<Text>(b)) {
    budget.spend(std::get<Text>(a).utf8->size());
    return *std::get<Text>(a).utf8 < *std::get<Text>(b).utf8;
  }
  const auto* left = as_list(a);
  const auto* right = as_list(b);
  const bool ordered = left != nullptr && right != nullptr && (*left)->kind == (*right)->kind &&
                       (*left)->kind <= List::Kind::tuple;
  if (!ordered) {
    throw Fault("values of type {} and {} cannot be ordered", type_name(a), type_name(b));
  }
  return less_lists(budget, **left, **right);
}

}  // namespace ovbake::jinja
