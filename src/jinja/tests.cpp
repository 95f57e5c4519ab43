// What may stand after `is`.
#include "base/text.hpp"
#include "jinja/builtin.hpp"
#include "jinja/operators.hpp"
#include "jinja/python_text.hpp"

namespace ovbake::jinja {
namespace {

template <typename T>
Value is_a(Context&, const Bound& arguments) {
  return holds<T>(arguments[0]);
}

Value defined(Context&, const Bound& arguments) { return !holds<Undefined>(arguments[0]); }

template <bool kExpected>
Value is_the_bool(Context&, const Bound& arguments) {
  const auto* flag = get<bool>(arguments[0]);
  return flag != nullptr && *flag == kExpected;
}

Value number(Context&, const Bound& arguments) { return is_number(arguments[0]); }

Value mapping(Context&, const Bound& arguments) { return as_dict(arguments[0]) != nullptr; }

/// Python's: has a length and items.
Value sequence(Context&, const Bound& arguments) {
  const Value& value = arguments[0];
  const auto* items = as_list(value);
  return holds<Text>(value) || holds<Undefined>(value) || as_dict(value) != nullptr ||
         (items != nullptr && (*items)->kind <= List::Kind::range);
}

Value iterable(Context&, const Bound& arguments) {
  const Value& value = arguments[0];
  return holds<Text>(value) || holds<Undefined>(value) || as_dict(value) != nullptr ||
         as_list(value) != nullptr || holds<std::shared_ptr<const Loop>>(value);
}

Integer remainder(const Value& dividend, Integer divisor) {
  Integer storage = 0;
  const Integer* integer = as_integer(dividend, storage);
  if (integer == nullptr)
    throw Fault("a value of type {} is no integer to divide", type_name(dividend));
  if (divisor == 0) throw Fault("it divides by zero");
  return divisor == -1 ? 0 : *integer % divisor;
}

Value odd(Context&, const Bound& arguments) { return remainder(arguments[0], 2) != 0; }
Value even(Context&, const Bound& arguments) { return remainder(arguments[0], 2) == 0; }
Value divisible_by(Context&, const Bound& arguments) {
  return remainder(arguments[0], arguments.integer(1)) == 0;
}

Value equal_to(Context& context, const Bound& arguments) {
  return equal(context.budget(), arguments[0], arguments[1]);
}
Value not_equal_to(Context& context, const Bound& arguments) {
  return !equal(context.budget(), arguments[0], arguments[1]);
}
Value less_than(Context& context, const Bound& arguments) {
  return less(context.budget(), arguments[0], arguments[1]);
}
Value greater_than(Context& context, const Bound& arguments) {
  return less(context.budget(), arguments[1], arguments[0]);
}
Value at_most(Context& context, const Bound& arguments) {
  return truth(less_than(context, arguments)) || truth(equal_to(context, arguments));
}
Value at_least(Context& context, const Bound& arguments) {
  return truth(greater_than(context, arguments)) || truth(equal_to(context, arguments));
}
Value in(Context& context, const Bound& arguments) {
  return contains(context.budget(), arguments[1], arguments[0]);
}

}  // namespace

std::span<const Builtin> tests() {
  static const std::vector<std::string_view> one{"value"}, two{"value", "other"};
  static const Builtin table[] = {
      {"defined", one, defined},
      {"undefined", one, is_a<Undefined>},
      {"none", one, is_a<None>},
      {"boolean", one, is_a<bool>},
      {"true", one, is_the_bool<true>},
      {"false", one, is_the_bool<false>},
      {"integer", one, is_a<Integer>},
      {"float", one, is_a<double>},
      {"number", one, number},
      {"string", one, is_a<Text>},
      {"mapping", one, mapping},
      {"sequence", one, sequence},
      {"iterable", one, iterable},
      {"callable", one, is_a<std::shared_ptr<const Callable>>},
      {"odd", one, odd},
      {"even", one, even},
      {"divisibleby", {"value", "num"}, divisible_by},
      {"eq", two, equal_to},
      {"equalto", two, equal_to},
      {"ne", two, not_equal_to},
      {"lt", two, less_than},
      {"lessthan", two, less_than},
      {"gt", two, greater_than},
      {"greaterthan", two, greater_than},
      {"le", two, at_most},
      {"ge", two, at_least},
      {"in", {"value", "seq"}, in},
      // As selectattr() and the like name them.
      {"==", two, equal_to},
      {"!=", two, not_equal_to},
      {"<", two, less_than},
      {">", two, greater_than},
      {"<=", two, at_most},
      {">=", two, at_least},
  };
  return table;
}

}  // namespace ovbake::jinja
