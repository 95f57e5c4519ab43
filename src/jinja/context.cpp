#include "jinja/context.hpp"

#include <algorithm>

#include "jinja/builtin.hpp"

namespace ovbake::jinja {
namespace {

constexpr std::size_t kMaxDepth = 1000;

}  // namespace

Context::~Context() {
  for (const auto& made : namespaces_) made->members.clear();
}

Value Context::look_up(std::string_view name) {
  for (const Scope* scope = scope_.get(); scope != nullptr; scope = scope->outer.get()) {
    budget_.spend(scope->variables.size());
    const auto found = std::ranges::find(scope->variables, name, &Members::value_type::first);
    if (found != scope->variables.end()) return found->second;
  }
  if (const Builtin* function = find_builtin(global_functions(), name)) return bind(*function);
  return undefined(std::string(name));
}

void Context::set(std::string_view name, Value value) {
  budget_.spend(name.size() + sizeof(Value));
  member(scope_->variables, name) = std::move(value);
}

Value Context::make_namespace(Members members) {
  budget_.spend(sizeof(Namespace));
  namespaces_.push_back(std::make_shared<Namespace>(Namespace{std::move(members)}));
  return namespaces_.back();
}

void Context::write(std::string_view text) {
  budget_.spend(text.size());
  written_ += text;
}

Context::Level::Level(Context& context, std::size_t line) : context_(context) {
  context.line_ = line;
  context.budget_.spend(Budget::kStep);
  if (context.depth_ >= kMaxDepth) throw Fault("it calls itself or nests too deeply");
  ++context.depth_;
}

Context::Block::Block(Context& context, std::shared_ptr<Scope> outer)
    : context_(context), before_(std::move(context.scope_)) {
  context.budget_.spend(sizeof(Scope));
  context.scope_ = std::make_shared<Scope>(Scope{.outer = std::move(outer)});
}

}  // namespace ovbake::jinja
