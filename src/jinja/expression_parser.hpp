// Expressions of a template, with jinja2's precedence.
#pragma once

#include "jinja/syntax.hpp"
#include "jinja/token_stream.hpp"

namespace ovbake::jinja {

class ExpressionParser {
 public:
  explicit ExpressionParser(TokenStream& stream) : stream_(stream) {}

  ExpressionPointer parse_expression();
  /// Where `for … if` follows: an `if` is not part of it.
  ExpressionPointer parse_without_condition() { return parse_or(); }
  /// One expression, or several with commas, which make a tuple.
  ExpressionPointer parse_tuple(bool with_condition = true);
  /// `name`, or `name(…)`, as it stands after |.
  FilterCall parse_filter_call();

 private:
  ExpressionPointer parse_or();
  ExpressionPointer parse_and();
  ExpressionPointer parse_not();
  ExpressionPointer parse_compare();
  ExpressionPointer parse_sum();
  ExpressionPointer parse_concat();
  ExpressionPointer parse_product();
  ExpressionPointer parse_power();
  ExpressionPointer parse_unary(bool with_filters = true);
  ExpressionPointer parse_primary();
  ExpressionPointer parse_constant_or_name();
  ExpressionPointer parse_list();
  ExpressionPointer parse_dict();
  ExpressionPointer parse_postfix(ExpressionPointer node);
  ExpressionPointer parse_filters_and_tests(ExpressionPointer node);
  ExpressionPointer parse_attribute(ExpressionPointer node);
  ExpressionPointer parse_item_or_slice(ExpressionPointer node);
  ExpressionPointer parse_test(ExpressionPointer node);
  ExpressionPointer parse_call(ExpressionPointer node);
  CallArguments parse_arguments();
  CallArguments parse_test_arguments();

  template <typename Operand>
  ExpressionPointer parse_bool(std::string_view word, const Operand& parse_operand);
  template <typename Operand>
  ExpressionPointer parse_binary(
      std::initializer_list<std::pair<std::string_view, Arithmetic>> operators,
      const Operand& parse_operand);
  template <typename Node>
  std::unique_ptr<Node> make() const;
  ExpressionPointer constant(Value value) const;

  TokenStream& stream_;
};

}  // namespace ovbake::jinja
