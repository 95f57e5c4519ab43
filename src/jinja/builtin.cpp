#include "jinja/builtin.hpp"

#include <algorithm>

namespace ovbake::jinja {
namespace {

bool is_variadic(std::string_view parameter) { return parameter.starts_with('*'); }

std::string_view name_of(std::string_view parameter) {
  return parameter.substr(0, parameter.find('?'));
}

}  // namespace

Bound::Bound(std::string_view callee, const std::vector<std::string_view>& parameters,
             const Arguments& arguments)
    : callee_(callee) {
  const auto fixed =
      static_cast<std::size_t>(std::ranges::find_if(parameters, is_variadic) - parameters.begin());
  values_.resize(fixed);
  for (std::size_t i = 0; i < arguments.positional.size(); ++i) {
    if (i < fixed) {
      values_[i] = arguments.positional[i];
    } else if (std::ranges::find(parameters, "*") != parameters.end()) {
      rest_.positional.push_back(arguments.positional[i]);
    } else {
      throw Fault("{} takes at most {} arguments", callee, fixed);
    }
  }
  for (const auto& argument : arguments.named) place_named(argument, parameters);
  for (std::size_t i = 0; i < fixed; ++i) {
    if (!values_[i] && !parameters[i].ends_with('?')) {
      throw Fault("{} lacks its argument {}", callee, parameters[i]);
    }
  }
}

void Bound::place_named(const Members::value_type& argument,
                        const std::vector<std::string_view>& parameters) {
  const auto& [name, value] = argument;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (name_of(parameters[i]) != name) continue;
    if (values_[i]) throw Fault("{} has its argument {} twice", callee_, name);
    values_[i] = value;
    return;
  }
  if (parameters.empty() || parameters.back() != "**") {
    throw Fault("{} takes no argument called {}", callee_, name);
  }
  rest_.named.push_back(argument);
}

const std::string& Bound::text(std::size_t place) const {
  const auto* string = get<Text>(*values_[place]);
  if (string == nullptr) {
    throw Fault("{} takes a text, not a value of type {}", callee_, type_name(*values_[place]));
  }
  if (string->safe) throw Fault("{} is applied to safe text", callee_);
  return *string->utf8;
}

Integer Bound::integer(std::size_t place, std::optional<Integer> otherwise) const {
  if (!values_[place] && otherwise) return *otherwise;
  Integer storage = 0;
  const Integer* integer = as_integer(*values_[place], storage);
  if (integer == nullptr) {
    throw Fault("{} takes an integer, not a value of type {}", callee_, type_name(*values_[place]));
  }
  return *integer;
}

bool Bound::flag(std::size_t place, bool otherwise) const {
  return values_[place] ? truth(*values_[place]) : otherwise;
}

const Builtin* find_builtin(std::span<const Builtin> table, std::string_view name) {
  const auto found = std::ranges::find(table, name, &Builtin::name);
  return found == table.end() ? nullptr : &*found;
}

const Builtin* find_filter(std::string_view name) {
  for (const auto table : {text_filters(), sequence_filters(), number_filters()}) {
    if (const Builtin* found = find_builtin(table, name)) return found;
  }
  return nullptr;
}

Value bind(const Builtin& function, const Value* self) {
  const auto call = [&function](Context& context, const Arguments& arguments) {
    return function.call(context, Bound(function.name, function.parameters, arguments));
  };
  const auto call_method = [&function, self = self == nullptr ? Value() : *self](
                               Context& context, const Arguments& arguments) {
    return apply(context, function, self, arguments);
  };
  Callable bound{.name = std::string(function.name), .call = call};
  if (self != nullptr) bound.call = call_method;
  return std::make_shared<const Callable>(std::move(bound));
}

Value apply(Context& context, const Builtin& function, const Value& value, Arguments arguments) {
  arguments.positional.insert(arguments.positional.begin(), value);
  return function.call(context, Bound(function.name, function.parameters, arguments));
}

}  // namespace ovbake::jinja
