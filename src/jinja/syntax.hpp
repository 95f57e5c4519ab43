// A parsed template. Nodes and their fields are named as in jinja2.nodes; each knows how to run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "jinja/builtin.hpp"
#include "jinja/operators.hpp"

namespace ovbake::jinja {

class Expression {
 public:
  virtual ~Expression() = default;
  Value evaluate(Context& context) const {
    const Context::Level level(context, line);
    return compute(context);
  }

  std::size_t line = 0;

 private:
  virtual Value compute(Context& context) const = 0;
};
using ExpressionPointer = std::unique_ptr<Expression>;

class Statement {
 public:
  /// How execution goes on: with the next statement, or as break or continue say.
  enum class Flow { next, break_loop, continue_loop };

  virtual ~Statement() = default;
  Flow execute(Context& context) const {
    const Context::Level level(context, line);
    return run(context);
  }

  std::size_t line = 0;

 private:
  virtual Flow run(Context& context) const = 0;
};
using Body = std::vector<std::unique_ptr<Statement>>;

Statement::Flow execute(Context& context, const Body& body);

// ---- expressions ------------------------------------------------------------------------------

struct Const : Expression {
  Value value;
  Value compute(Context& context) const override;
};

struct Name : Expression {
  std::string name;
  Value compute(Context& context) const override;
};

/// A list or a tuple.
struct ListLiteral : Expression {
  List::Kind kind = List::Kind::list;
  std::vector<ExpressionPointer> items;
  Value compute(Context& context) const override;
};

struct DictLiteral : Expression {
  std::vector<std::pair<ExpressionPointer, ExpressionPointer>> items;
  Value compute(Context& context) const override;
};

struct CondExpr : Expression {
  ExpressionPointer test, expr1, expr2;  ///< expr2 may be missing.
  Value compute(Context& context) const override;
};

/// `and` and `or`, which return one of their operands.
struct BoolOp : Expression {
  bool is_and = false;
  ExpressionPointer left, right;
  Value compute(Context& context) const override;
};

struct Not : Expression {
  ExpressionPointer node;
  Value compute(Context& context) const override;
};

struct Compare : Expression {
  enum class Operator { eq, ne, lt, lteq, gt, gteq, in, notin };
  ExpressionPointer expr;
  std::vector<std::pair<Operator, ExpressionPointer>> ops;
  Value compute(Context& context) const override;
};

struct BinExpr : Expression {
  Arithmetic operation{};
  ExpressionPointer left, right;
  Value compute(Context& context) const override;
};

struct UnaryExpr : Expression {
  bool is_negative = false;
  ExpressionPointer node;
  Value compute(Context& context) const override;
};

struct Concat : Expression {
  std::vector<ExpressionPointer> nodes;
  Value compute(Context& context) const override;
};

struct Getattr : Expression {
  ExpressionPointer node;
  std::string attr;
  Value compute(Context& context) const override;
};

struct Getitem : Expression {
  ExpressionPointer node, arg;
  Value compute(Context& context) const override;
};

struct SliceExpr : Expression {
  ExpressionPointer node, start, stop, step;  ///< All but the first may be missing.
  Value compute(Context& context) const override;
};

struct CallArguments {
  std::vector<ExpressionPointer> args;
  std::vector<std::pair<std::string, ExpressionPointer>> kwargs;
  Arguments evaluate(Context& context) const;
};

struct Call : Expression {
  ExpressionPointer node;
  CallArguments arguments;
  Value compute(Context& context) const override;
};

struct FilterCall {
  std::string name;
  CallArguments arguments;
  Value apply_to(Context& context, const Value& value) const;
};

struct Filter : Expression {
  ExpressionPointer node;
  FilterCall filter;
  Value compute(Context& context) const override;
};

struct Test : Expression {
  std::string name;
  bool is_negated = false;
  ExpressionPointer node;
  CallArguments arguments;
  Value compute(Context& context) const override;
};

// ---- statements -------------------------------------------------------------------------------

struct TemplateData : Statement {
  std::string data;
  Flow run(Context& context) const override;
};

struct Output : Statement {
  ExpressionPointer node;
  Flow run(Context& context) const override;
};

/// What is assigned to: names, or one attribute of a namespace. Several take a value apart.
struct Target {
  std::vector<std::string> names;
  std::string attr;  ///< Of the namespace that the only name stands for, else empty.
  bool is_tuple = false;
  void assign(Context& context, const Value& value) const;
};

struct If : Statement {
  std::vector<std::pair<ExpressionPointer, Body>> branches;  ///< Of if and each elif.
  Body otherwise;
  Flow run(Context& context) const override;
};

/// `else` runs where no round came to its end, be it for a break or a continue.
struct For : Statement {
  Target target;
  ExpressionPointer iter, test;  ///< test may be missing.
  Body body, otherwise;
  Flow run(Context& context) const override;

 private:
  std::vector<Value> select_items(Context& context) const;
};

struct Jump : Statement {
  Flow flow{};
  Flow run(Context& context) const override;
};

struct Assign : Statement {
  Target target;
  ExpressionPointer node;
  Flow run(Context& context) const override;
};

struct AssignBlock : Statement {
  Target target;
  std::vector<FilterCall> filters;
  Body body;
  Flow run(Context& context) const override;
};

struct FilterBlock : Statement {
  std::vector<FilterCall> filters;
  Body body;
  Flow run(Context& context) const override;
};

struct Macro : Statement {
  std::string name;
  std::vector<std::pair<std::string, ExpressionPointer>> args;  ///< With defaults or without.
  Body body;
  Flow run(Context& context) const override;

 private:
  Value call(Context& context, const Arguments& arguments) const;
};

/// `with` and `generation`: statements with variables of their own.
struct ScopedBlock : Statement {
  std::vector<std::pair<Target, ExpressionPointer>> variables;
  Body body;
  Flow run(Context& context) const override;
};

}  // namespace ovbake::jinja
