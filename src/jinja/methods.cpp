// The methods of lists and dicts that do not change them.
#include "jinja/builtin.hpp"
#include "jinja/operators.hpp"

namespace ovbake::jinja {
namespace {

Value items(Context& context, const Bound& arguments) {
  return list(context.budget(), pairs_of(context.budget(), *as_dict(arguments[0])),
              List::Kind::view);
}

Value keys(Context& context, const Bound& arguments) {
  return list(context.budget(), iterate(context.budget(), arguments[0]), List::Kind::view);
}

Value values(Context& context, const Bound& arguments) {
  std::vector<Value> values;
  for (const auto& [key, value] : as_dict(arguments[0])->items) values.push_back(value);
  return list(context.budget(), std::move(values), List::Kind::view);
}

Value get_member(Context& context, const Bound& arguments) {
  const Value* found = as_dict(arguments[0])->find(context.budget(), arguments[1]);
  if (found != nullptr) return *found;
  return arguments.find(2) == nullptr ? None{} : arguments[2];
}

Value index(Context& context, const Bound& arguments) {
  const auto& items = (*as_list(arguments[0]))->items;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (equal(context.budget(), items[i], arguments[1])) return static_cast<Integer>(i);
  }
  throw Fault("a list has no such item to tell the index of");
}

Value count(Context& context, const Bound& arguments) {
  Integer count = 0;
  for (const Value& item : (*as_list(arguments[0]))->items) {
    if (equal(context.budget(), item, arguments[1])) ++count;
  }
  return count;
}

}  // namespace

std::span<const Builtin> dict_methods() {
  static const Builtin table[] = {
      {"items", {"self"}, items},
      {"keys", {"self"}, keys},
      {"values", {"self"}, values},
      {"get", {"self", "key", "default?"}, get_member},
  };
  return table;
}

std::span<const Builtin> list_methods() {
  static const Builtin table[] = {
      {"index", {"self", "value"}, index},
      {"count", {"self", "value"}, count},
  };
  return table;
}

}  // namespace ovbake::jinja
