#include <algorithm>

#include "base/text.hpp"
#include "jinja/loop.hpp"
#include "jinja/syntax.hpp"
#include "jinja/value_text.hpp"

namespace ovbake::jinja {
namespace {

using Flow = Statement::Flow;

/// What `body` writes, after `filters`.
Value captured(Context& context, const Body& body, const std::vector<FilterCall>& filters) {
  const Context::Block block(context);
  Value value = text(context.budget(), context.capture([&] { execute(context, body); }));
  for (const FilterCall& filter : filters) value = filter.apply_to(context, value);
  return value;
}

}  // namespace

Flow execute(Context& context, const Body& body) {
  for (const auto& statement : body) {
    const Flow flow = statement->execute(context);
    if (flow != Flow::next) return flow;
  }
  return Flow::next;
}

void Target::assign(Context& context, const Value& value) const {
  if (!attr.empty()) {
    const Value named = context.look_up(names[0]);
    const auto* space = get<std::shared_ptr<Namespace>>(named);
    if (space == nullptr) {
      throw Fault(
          "{} is a {}, so that its attribute {} cannot be set; only those of a namespace can",
          names[0], type_name(named), attr);
    }
    context.budget().spend((*space)->members.size());
    member((*space)->members, attr) = value;
    return;
  }
  if (!is_tuple) return context.set(names[0], value);
  const std::vector<Value> values = iterate(context.budget(), value);
  if (values.size() != names.size()) {
    throw Fault("{} names are given {} values", names.size(), values.size());
  }
  for (std::size_t i = 0; i < names.size(); ++i) context.set(names[i], values[i]);
}

Flow TemplateData::run(Context& context) const {
  context.write(data);
  return Flow::next;
}

Flow Output::run(Context& context) const {
  context.write(to_text(context.budget(), node->evaluate(context)));
  return Flow::next;
}

Flow If::run(Context& context) const {
  for (const auto& [test, body] : branches) {
    if (truth(test->evaluate(context))) return jinja::execute(context, body);
  }
  return jinja::execute(context, otherwise);
}

std::vector<Value> For::select_items(Context& context) const {
  std::vector<Value> items = iterate(context.budget(), iter->evaluate(context));
  if (test == nullptr) return items;
  const Context::Block block(context);
  std::erase_if(items, [&](const Value& candidate) {
    target.assign(context, candidate);
    return !truth(test->evaluate(context));
  });
  return items;
}

Flow For::run(Context& context) const {
  const auto loop = std::make_shared<Loop>(select_items(context));
  bool has_ended_a_round = false;
  for (std::size_t i = 0; i < loop->items().size(); ++i) {
    const Context::Block block(context);
    loop->go_to(i);
    context.set("loop", std::shared_ptr<const Loop>(loop));
    target.assign(context, loop->items()[i]);
    const Flow flow = jinja::execute(context, body);
    if (flow == Flow::break_loop) break;
    has_ended_a_round |= flow == Flow::next;
  }
  if (has_ended_a_round) return Flow::next;
  const Context::Block block(context);
  return jinja::execute(context, otherwise);
}

Flow Jump::run(Context&) const { return flow; }

Flow Assign::run(Context& context) const {
  target.assign(context, node->evaluate(context));
  return Flow::next;
}

Flow AssignBlock::run(Context& context) const {
  target.assign(context, captured(context, body, filters));
  return Flow::next;
}

Flow FilterBlock::run(Context& context) const {
  context.write(to_text(context.budget(), captured(context, body, filters)));
  return Flow::next;
}

Flow Macro::run(Context& context) const {
  const std::weak_ptr<Scope> outer = context.scope();
  const auto call_here = [this, outer](Context& caller, const Arguments& arguments) {
    const std::shared_ptr<Scope> scope = outer.lock();
    if (scope == nullptr)
      throw Fault("the macro {} is called after the end of the block that it is in", name);
    const Context::Level level(caller, line);
    const Context::Block block(caller, scope);
    return call(caller, arguments);
  };
  context.set(name, std::make_shared<const Callable>(Callable{.name = name, .call = call_here}));
  return Flow::next;
}

Value Macro::call(Context& context, const Arguments& arguments) const {
  std::vector<std::string> optional;
  for (const auto& [parameter, otherwise] : args) optional.push_back(parameter + '?');
  const Bound bound(name, {optional.begin(), optional.end()}, arguments);
  for (std::size_t i = 0; i < args.size(); ++i) {
    const auto& [parameter, otherwise] = args[i];
    if (const Value* given = bound.find(i)) {
      context.set(parameter, *given);
    } else {
      context.set(parameter,
                  otherwise == nullptr ? undefined(parameter) : otherwise->evaluate(context));
    }
  }
  return text(context.budget(), context.capture([&] { jinja::execute(context, body); }));
}

Flow ScopedBlock::run(Context& context) const {
  std::vector<Value> values;
  for (const auto& [target, expression] : variables)
    values.push_back(expression->evaluate(context));
  const Context::Block block(context);
  for (std::size_t i = 0; i < values.size(); ++i) variables[i].first.assign(context, values[i]);
  return jinja::execute(context, body);
}

}  // namespace ovbake::jinja
