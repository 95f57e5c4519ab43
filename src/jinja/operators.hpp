// Python's operators, and how values are taken apart.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "jinja/builtin.hpp"

namespace ovbake::jinja {

enum class Arithmetic { add, subtract, multiply, divide, floor_divide, modulo, power };

Value compute(Budget& budget, Arithmetic operation, const Value& a, const Value& b);
Value negate(const Value& value);

/// Python's `item in container`.
bool contains(Budget& budget, const Value& container, const Value& item);

/// What Python's iteration over `value` gives; uses up a generator.
std::vector<Value> iterate(Budget& budget, const Value& value);
/// The items of a dict as tuples of two.
std::vector<Value> pairs_of(Budget& budget, const Dict& dict);
/// Python's len().
Integer length(const Value& value);

/// `value.name`: of a dict a method before a member.
Value attribute(Budget& budget, const Value& value, std::string_view name);
/// `value[key]`: of a dict a member before a method.
Value item(Budget& budget, const Value& value, const Value& key);
/// What `path`, "name", "name.0.other" or a number, leads to from `value`.
Value attribute_at(Budget& budget, const Value& value, const Value& path);

struct Slice {
  std::optional<Integer> start, stop, step;
};
Value slice(Budget& budget, const Value& value, const Slice& slice);

/// Refuses what no template can call.
Value call(Context& context, const Value& callee, const Arguments& arguments);

}  // namespace ovbake::jinja
