// What one rendering knows while it runs: its variables, what it has written, what it may still
// cost.
#pragma once

#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "jinja/value.hpp"

namespace ovbake::jinja {

/// The variables of a template, of one round of a loop or of one call of a macro.
struct Scope {
  std::shared_ptr<Scope> outer{};
  Members variables{};
};

class Context {
 public:
  explicit Context(std::time_t now) : now_(now) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  /// Empties every namespace first, since they may hold each other.
  ~Context();

  Budget& budget() { return budget_; }
  std::time_t now() const { return now_; }

  /// The variable called `name`, else the global function, else what is undefined.
  Value look_up(std::string_view name);
  void set(std::string_view name, Value value);
  const std::shared_ptr<Scope>& scope() const { return scope_; }

  Value make_namespace(Members members);

  void write(std::string_view text);
  const std::string& written() const { return written_; }
  /// What `body` writes, which then is not part of written().
  template <typename Body>
  std::string capture(const Body& body) {
    std::string before;
    before.swap(written_);
    body();
    before.swap(written_);
    return before;
  }

  /// One level deeper in statements, expressions and calls, as long as it lives; what it is at
  /// begins in `line`.
  class Level {
   public:
    Level(Context& context, std::size_t line);
    ~Level() { --context_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Context& context_;
  };

  /// Variables that are set while it lives are gone afterwards.
  class Block {
   public:
    Block(Context& context, std::shared_ptr<Scope> outer);
    explicit Block(Context& context) : Block(context, context.scope_) {}
    ~Block() { context_.scope_ = std::move(before_); }
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;

   private:
    Context& context_;
    std::shared_ptr<Scope> before_;
  };

  /// Where the last Level began.
  std::size_t line() const { return line_; }

 private:
  Budget budget_;
  std::time_t now_;
  std::size_t line_ = 1, depth_ = 0;
  std::shared_ptr<Scope> scope_ = std::make_shared<Scope>();
  std::vector<std::shared_ptr<Namespace>> namespaces_;
  std::string written_;
};

}  // namespace ovbake::jinja
