// The functions that transformers lets a template call.
#include <ctime>

#include "base/text.hpp"
#include "jinja/builtin.hpp"

namespace ovbake::jinja {
namespace {

Value range(Context& context, const Bound& arguments) {
  const bool has_stop = arguments.find(1) != nullptr;
  const Integer start = has_stop ? arguments.integer(0) : 0;
  const Integer stop = arguments.integer(has_stop ? 1 : 0);
  const Integer step = arguments.integer(2, 1);
  if (step == 0) throw Fault("the step of a range is 0");
  std::vector<Value> items;
  for (Integer at = start; step < 0 ? at > stop : at < stop;) {
    context.budget().spend(sizeof(Value));
    items.emplace_back(at);
    if (__builtin_add_overflow(at, step, &at)) break;
  }
  return list(context.budget(), std::move(items), List::Kind::range);
}

/// The items of the dict that may be the only argument, then those with names.
std::vector<std::pair<Value, Value>> given_items(Context& context, const Bound& arguments) {
  std::vector<std::pair<Value, Value>> items;
  if (const Value* given = arguments.find(0)) {
    const Dict* dict = as_dict(*given);
    if (dict == nullptr)
      throw Fault("a value of type {} is given where a dict is expected", type_name(*given));
    items = dict->items;
  }
  for (const auto& [name, value] : arguments.rest().named) {
    items.emplace_back(text(context.budget(), name), value);
  }
  return items;
}

Value make_dict(Context& context, const Bound& arguments) {
  return dict(context.budget(), given_items(context, arguments));
}

Value make_namespace(Context& context, const Bound& arguments) {
  Members members;
  for (const auto& [key, value] : given_items(context, arguments)) {
    const auto* name = get<Text>(key);
    if (name == nullptr) throw Fault("a value of type {} cannot name an attribute", type_name(key));
    context.budget().spend(members.size() + sizeof(Members::value_type));
    member(members, *name->utf8) = value;
  }
  return context.make_namespace(std::move(members));
}

Value raise_exception(Context&, const Bound& arguments) {
  throw Fault("it refuses this conversation: {}", quote(arguments.text(0)));
}

Value strftime_now(Context& context, const Bound& arguments) {
  std::tm local{};
  const std::time_t now = context.now();
  ::localtime_r(&now, &local);
  // A mark at the end tells an empty result from one that did not fit.
  const std::string format = arguments.text(0) + '.';
  std::string formatted(4096, '\0');
  const std::size_t bytes =
      std::strftime(formatted.data(), formatted.size(), format.c_str(), &local);
  if (bytes == 0) throw Fault("the date format {} makes too long a text", quote(format));
  formatted.resize(bytes - 1);
  return text(context.budget(), std::move(formatted));
}

}  // namespace

std::span<const Builtin> global_functions() {
  static const Builtin table[] = {
      {"range", {"start", "stop?", "step?"}, range},
      {"dict", {"mapping?", "**"}, make_dict},
      {"namespace", {"mapping?", "**"}, make_namespace},
      {"raise_exception", {"message"}, raise_exception},
      {"strftime_now", {"format"}, strftime_now},
  };
  return table;
}

}  // namespace ovbake::jinja
