#include <algorithm>

#include "base/text.hpp"
#include "jinja/syntax.hpp"
#include "jinja/value_text.hpp"

namespace ovbake::jinja {
namespace {

bool compare(Budget& budget, Compare::Operator op, const Value& a, const Value& b) {
  using Operator = Compare::Operator;
  switch (op) {
    case Operator::eq:
      return equal(budget, a, b);
    case Operator::ne:
      return !equal(budget, a, b);
    case Operator::lt:
      return less(budget, a, b);
    case Operator::lteq:
      return less(budget, a, b) || equal(budget, a, b);
    case Operator::gt:
      return less(budget, b, a);
    case Operator::gteq:
      return less(budget, b, a) || equal(budget, a, b);
    case Operator::in:
      return contains(budget, b, a);
    case Operator::notin:
      break;
  }
  return !contains(budget, b, a);
}

std::optional<Integer> slice_bound(Context& context, const ExpressionPointer& bound) {
  if (bound == nullptr) return std::nullopt;
  const Value value = bound->evaluate(context);
  if (holds<None>(value)) return std::nullopt;
  Integer storage = 0;
  const Integer* integer = as_integer(value, storage);
  if (integer == nullptr) throw Fault("a slice is bounded by a {}", type_name(value));
  return *integer;
}

}  // namespace

Value Const::compute(Context&) const { return value; }

Value Name::compute(Context& context) const { return context.look_up(name); }

Value ListLiteral::compute(Context& context) const {
  std::vector<Value> values;
  for (const auto& item : items) values.push_back(item->evaluate(context));
  return list(context.budget(), std::move(values), kind);
}

Value DictLiteral::compute(Context& context) const {
  std::vector<std::pair<Value, Value>> values;
  for (const auto& [key, value] : items) {
    Value name = key->evaluate(context);
    values.emplace_back(std::move(name), value->evaluate(context));
  }
  return dict(context.budget(), std::move(values));
}

Value CondExpr::compute(Context& context) const {
  if (truth(test->evaluate(context))) return expr1->evaluate(context);
  if (expr2 != nullptr) return expr2->evaluate(context);
  return undefined("the value of an inline if without else");
}

Value BoolOp::compute(Context& context) const {
  Value value = left->evaluate(context);
  return truth(value) == is_and ? right->evaluate(context) : value;
}

Value Not::compute(Context& context) const { return !truth(node->evaluate(context)); }

Value Compare::compute(Context& context) const {
  Value left = expr->evaluate(context);
  for (const auto& [op, operand] : ops) {
    Value right = operand->evaluate(context);
    if (!compare(context.budget(), op, left, right)) return false;
    left = std::move(right);
  }
  return true;
}

Value BinExpr::compute(Context& context) const {
  const Value a = left->evaluate(context);
  const Value b = right->evaluate(context);
  return jinja::compute(context.budget(), operation, a, b);
}

Value UnaryExpr::compute(Context& context) const {
  const Value value = node->evaluate(context);
  const Value negative = negate(value);
  return is_negative ? negative : negate(negative);
}

Value Concat::compute(Context& context) const {
  std::string joined;
  for (const auto& node : nodes) joined += to_text(context.budget(), node->evaluate(context));
  return text(context.budget(), std::move(joined));
}

Value Getattr::compute(Context& context) const {
  return attribute(context.budget(), node->evaluate(context), attr);
}

Value Getitem::compute(Context& context) const {
  const Value value = node->evaluate(context);
  return item(context.budget(), value, arg->evaluate(context));
}

Value SliceExpr::compute(Context& context) const {
  const Value value = node->evaluate(context);
  return slice(context.budget(), value,
               {.start = slice_bound(context, start),
                .stop = slice_bound(context, stop),
                .step = slice_bound(context, step)});
}

Arguments CallArguments::evaluate(Context& context) const {
  Arguments values;
  for (const auto& arg : args) values.positional.push_back(arg->evaluate(context));
  for (const auto& [name, arg] : kwargs) values.named.emplace_back(name, arg->evaluate(context));
  return values;
}

Value Call::compute(Context& context) const {
  const Value callee = node->evaluate(context);
  return call(context, callee, arguments.evaluate(context));
}

Value Filter::compute(Context& context) const {
  return filter.apply_to(context, node->evaluate(context));
}

Value FilterCall::apply_to(Context& context, const Value& value) const {
  const Builtin* filter = find_filter(name);
  if (filter == nullptr) throw Fault("the filter {} is not known", quote(name));
  return apply(context, *filter, value, arguments.evaluate(context));
}

Value Test::compute(Context& context) const {
  const Builtin* test = find_builtin(tests(), name);
  if (test == nullptr) throw Fault("the test {} is not known", quote(name));
  const Value value = node->evaluate(context);
  return truth(apply(context, *test, value, arguments.evaluate(context))) != is_negated;
}

}  // namespace ovbake::jinja
