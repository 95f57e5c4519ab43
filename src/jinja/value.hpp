// The values that a template computes with: Python's, as far as chat templates know them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/json_fwd.hpp"
#include "jinja/budget.hpp"

namespace ovbake::jinja {

class Context;
class Loop;
struct Arguments;
struct Callable;
struct Dict;
struct List;
struct Namespace;

/// Prints as nothing, is false and empty; whatever else is done with it is a fault that says `what`
/// is undefined.
struct Undefined {
  std::shared_ptr<const std::string> what;
};

struct None {};

struct Text {
  std::shared_ptr<const std::string> utf8;
  bool safe = false;  ///< Python's Markup, which the filter safe makes.
};

using Integer = std::int64_t;

struct Value : std::variant<Undefined, None, bool, Integer, double, Text, std::shared_ptr<List>,
                            std::shared_ptr<const Dict>, std::shared_ptr<Namespace>,
                            std::shared_ptr<const Loop>, std::shared_ptr<const Callable>> {
  using variant::variant;
};

using Members = std::vector<std::pair<std::string, Value>>;

/// The T that `value` holds, or nothing.
template <typename T>
const T* get(const Value& value) {
  return std::get_if<T>(&value);
}
template <typename T>
bool holds(const Value& value) {
  return std::holds_alternative<T>(value);
}

/// Python's sequences and iterators. Never changed once made, except that a generator is used up.
struct List {
  enum class Kind { list, tuple, range, view, generator };

  Kind kind = Kind::list;
  std::vector<Value> items;
  std::size_t depth = 1;  ///< Of the deepest nesting, itself included.
};

struct Dict {
  std::vector<std::pair<Value, Value>> items;
  std::size_t depth = 1;

  const Value* find(Budget& budget, std::string_view key) const;
  /// Refuses a key that Python cannot hash.
  const Value* find(Budget& budget, const Value& key) const;
};

/// What namespace() makes: the only thing that a template can change.
struct Namespace {
  Members members;
};

/// A macro, a method with the value that it belongs to, or a function such as range().
struct Callable {
  std::string name;
  std::function<Value(Context&, const Arguments&)> call;
};

/// The member called `key`, made where it is missing.
Value& member(Members& members, std::string_view key);

Value undefined(std::string what);
Value text(Budget& budget, std::string utf8);
/// Refuses what is nested deeper than 100.
Value list(Budget& budget, std::vector<Value> items, List::Kind kind = List::Kind::list);
/// Of equal keys the first one stands, with the last one's value. Refuses keys as find() does.
Value dict(Budget& budget, std::vector<std::pair<Value, Value>> items);
Value from_json(Budget& budget, const Json& json);

/// "str", "list", "NoneType": Python's name of the type.
std::string_view type_name(const Value& value);
bool truth(const Value& value);

/// The list or tuple of `value`, or nothing.
const std::shared_ptr<List>* as_list(const Value& value);
const Dict* as_dict(const Value& value);
/// A bool, an integer or a float.
bool is_number(const Value& value);
/// A bool counts as 0 or 1; nothing for what is no integer.
const Integer* as_integer(const Value& value, Integer& storage);
/// Of what is_number().
double to_double(const Value& value);

/// Python's == and <. The latter refuses what Python cannot order.
bool equal(Budget& budget, const Value& a, const Value& b);
bool less(Budget& budget, const Value& a, const Value& b);

}  // namespace ovbake::jinja
