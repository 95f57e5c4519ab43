#include "jinja/expression_parser.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace ovbake::jinja {
namespace {

using Kind = Token::Kind;

/// Variables that jinja2 makes up where they are read.
constexpr auto kUnsupportedNames = std::to_array<std::string_view>(
    {"caller", "cycler", "joiner", "kwargs", "lipsum", "self", "super", "varargs"});

template <typename Number>
Number parse_number(const std::string& digits) {
  Number number{};
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (read.ec != std::errc()) throw Fault("the number {} is too large", digits);
  return number;
}

Value shared_text(std::string utf8) {
  return Text{std::make_shared<const std::string>(std::move(utf8))};
}

}  // namespace

template <typename Node>
std::unique_ptr<Node> ExpressionParser::make() const {
  auto node = std::make_unique<Node>();
  node->line = stream_.current().line;
  return node;
}

ExpressionPointer ExpressionParser::constant(Value value) const {
  auto node = make<Const>();
  node->value = std::move(value);
  return node;
}

ExpressionPointer ExpressionParser::parse_expression() {
  TokenStream::Nesting nesting(stream_);
  ExpressionPointer node = parse_or();
  while (stream_.sees_name("if")) {
    nesting.deepen();
    auto choice = make<CondExpr>();
    stream_.take();
    choice->expr1 = std::move(node);
    choice->test = parse_or();
    if (stream_.skip_name("else")) choice->expr2 = parse_expression();
    node = std::move(choice);
  }
  return node;
}

ExpressionPointer ExpressionParser::parse_tuple(bool with_condition) {
  const auto parse_one = [&] { return with_condition ? parse_expression() : parse_or(); };
  auto tuple = make<ListLiteral>();
  tuple->kind = List::Kind::tuple;
  ExpressionPointer first = parse_one();
  if (!stream_.sees(",")) return first;
  tuple->items.push_back(std::move(first));
  while (stream_.skip(",")) {
    const Kind next = stream_.current().kind;
    if (stream_.sees(")") || next == Kind::block_end || next == Kind::variable_end) break;
    tuple->items.push_back(parse_one());
  }
  return tuple;
}

template <typename Operand>
ExpressionPointer ExpressionParser::parse_bool(std::string_view word,
                                               const Operand& parse_operand) {
  TokenStream::Nesting nesting(stream_);
  ExpressionPointer node = parse_operand();
  while (stream_.sees_name(word)) {
    nesting.deepen();
    auto both = make<BoolOp>();
    stream_.take();
    both->is_and = word == "and";
    both->left = std::move(node);
    both->right = parse_operand();
    node = std::move(both);
  }
  return node;
}

ExpressionPointer ExpressionParser::parse_or() {
  return parse_bool("or", [this] { return parse_and(); });
}

ExpressionPointer ExpressionParser::parse_and() {
  return parse_bool("and", [this] { return parse_not(); });
}

ExpressionPointer ExpressionParser::parse_not() {
  TokenStream::Nesting nesting(stream_);
  if (!stream_.sees_name("not")) return parse_compare();
  auto negated = make<Not>();
  stream_.take();
  negated->node = parse_not();
  return negated;
}

ExpressionPointer ExpressionParser::parse_compare() {
  static constexpr std::pair<std::string_view, Compare::Operator> kOperators[] = {
      {"==", Compare::Operator::eq}, {"!=", Compare::Operator::ne},
      {"<", Compare::Operator::lt},  {"<=", Compare::Operator::lteq},
      {">", Compare::Operator::gt},  {">=", Compare::Operator::gteq},
  };
  auto compare = make<Compare>();
  ExpressionPointer node = parse_sum();
  while (true) {
    const auto* found = std::ranges::find_if(
        kOperators, [&](const auto& known) { return stream_.skip(known.first); });
    if (found != std::end(kOperators)) {
      compare->ops.emplace_back(found->second, parse_sum());
    } else if (stream_.skip_name("in")) {
      compare->ops.emplace_back(Compare::Operator::in, parse_sum());
    } else if (stream_.sees_name("not") && stream_.ahead().text == "in") {
      stream_.take();
      stream_.take();
      compare->ops.emplace_back(Compare::Operator::notin, parse_sum());
    } else {
      break;
    }
  }
  if (compare->ops.empty()) return node;
  compare->expr = std::move(node);
  return compare;
}

template <typename Operand>
ExpressionPointer ExpressionParser::parse_binary(
    std::initializer_list<std::pair<std::string_view, Arithmetic>> operators,
    const Operand& parse_operand) {
  TokenStream::Nesting nesting(stream_);
  ExpressionPointer node = parse_operand();
  while (true) {
    const auto* found = std::ranges::find_if(
        operators, [&](const auto& known) { return stream_.sees(known.first); });
    if (found == operators.end()) return node;
    nesting.deepen();
    auto both = make<BinExpr>();
    stream_.take();
    both->operation = found->second;
    both->left = std::move(node);
    both->right = parse_operand();
    node = std::move(both);
  }
}

ExpressionPointer ExpressionParser::parse_sum() {
  return parse_binary({{"+", Arithmetic::add}, {"-", Arithmetic::subtract}},
                      [this] { return parse_concat(); });
}

ExpressionPointer ExpressionParser::parse_concat() {
  auto concat = make<Concat>();
  ExpressionPointer first = parse_product();
  if (!stream_.sees("~")) return first;
  concat->nodes.push_back(std::move(first));
  while (stream_.skip("~")) concat->nodes.push_back(parse_product());
  return concat;
}

ExpressionPointer ExpressionParser::parse_product() {
  return parse_binary({{"*", Arithmetic::multiply},
                       {"/", Arithmetic::divide},
                       {"//", Arithmetic::floor_divide},
                       {"%", Arithmetic::modulo}},
                      [this] { return parse_power(); });
}

ExpressionPointer ExpressionParser::parse_power() {
  return parse_binary({{"**", Arithmetic::power}}, [this] { return parse_unary(); });
}

ExpressionPointer ExpressionParser::parse_unary(bool with_filters) {
  TokenStream::Nesting nesting(stream_);
  ExpressionPointer node;
  if (stream_.sees("-") || stream_.sees("+")) {
    auto unary = make<UnaryExpr>();
    unary->is_negative = stream_.take().text == "-";
    unary->node = parse_unary(false);
    node = std::move(unary);
  } else {
    node = parse_primary();
  }
  node = parse_postfix(std::move(node));
  return with_filters ? parse_filters_and_tests(std::move(node)) : std::move(node);
}

ExpressionPointer ExpressionParser::parse_primary() {
  switch (stream_.current().kind) {
    case Kind::name:
      return parse_constant_or_name();
    case Kind::string: {
      std::string joined;
      while (stream_.current().kind == Kind::string) joined += stream_.take().text;
      return constant(shared_text(std::move(joined)));
    }
    case Kind::integer:
      return constant(parse_number<Integer>(stream_.take().text));
    case Kind::floating:
      return constant(parse_number<double>(stream_.take().text));
    default:
      break;
  }
  if (stream_.sees("[")) return parse_list();
  if (stream_.sees("{")) return parse_dict();
  if (!stream_.skip("(")) stream_.refuse("a value");
  ExpressionPointer inner;
  if (stream_.sees(")")) {
    auto empty = make<ListLiteral>();
    empty->kind = List::Kind::tuple;
    inner = std::move(empty);
  } else {
    inner = parse_tuple();
  }
  stream_.expect_symbol(")");
  return inner;
}

ExpressionPointer ExpressionParser::parse_constant_or_name() {
  auto node = make<Name>();
  node->name = stream_.take().text;
  const std::string& name = node->name;
  if (name == "true" || name == "True") return constant(true);
  if (name == "false" || name == "False") return constant(false);
  if (name == "none" || name == "None") return constant(None{});
  if (std::ranges::find(kUnsupportedNames, name) != kUnsupportedNames.end()) {
    throw Fault("the name {} of jinja2 is not supported", quote(name));
  }
  return node;
}

ExpressionPointer ExpressionParser::parse_list() {
  auto list = make<ListLiteral>();
  stream_.expect_symbol("[");
  while (!stream_.skip("]")) {
    if (!list->items.empty()) stream_.expect_symbol(",");
    if (stream_.skip("]")) break;
    list->items.push_back(parse_expression());
  }
  return list;
}

ExpressionPointer ExpressionParser::parse_dict() {
  auto dict = make<DictLiteral>();
  stream_.expect_symbol("{");
  while (!stream_.skip("}")) {
    if (!dict->items.empty()) stream_.expect_symbol(",");
    if (stream_.skip("}")) break;
    ExpressionPointer key = parse_expression();
    stream_.expect_symbol(":");
    dict->items.emplace_back(std::move(key), parse_expression());
  }
  return dict;
}

ExpressionPointer ExpressionParser::parse_postfix(ExpressionPointer node) {
  TokenStream::Nesting nesting(stream_);
  for (;; nesting.deepen()) {
    if (stream_.sees(".")) {
      node = parse_attribute(std::move(node));
    } else if (stream_.sees("[")) {
      node = parse_item_or_slice(std::move(node));
    } else if (stream_.sees("(")) {
      node = parse_call(std::move(node));
    } else {
      return node;
    }
  }
}

ExpressionPointer ExpressionParser::parse_filters_and_tests(ExpressionPointer node) {
  TokenStream::Nesting nesting(stream_);
  for (;; nesting.deepen()) {
    if (stream_.sees("|")) {
      auto filter = make<Filter>();
      stream_.take();
      filter->node = std::move(node);
      filter->filter = parse_filter_call();
      node = std::move(filter);
    } else if (stream_.sees_name("is")) {
      node = parse_test(std::move(node));
    } else if (stream_.sees("(")) {
      node = parse_call(std::move(node));
    } else {
      return node;
    }
  }
}

FilterCall ExpressionParser::parse_filter_call() {
  FilterCall call{.name = stream_.expect(Kind::name, "the name of a filter").text};
  if (stream_.sees("(")) call.arguments = parse_arguments();
  return call;
}

ExpressionPointer ExpressionParser::parse_attribute(ExpressionPointer node) {
  stream_.expect_symbol(".");
  if (stream_.current().kind == Kind::integer) {
    auto item = make<Getitem>();
    item->node = std::move(node);
    item->arg = constant(parse_number<Integer>(stream_.take().text));
    return item;
  }
  auto attribute = make<Getattr>();
  attribute->node = std::move(node);
  attribute->attr = stream_.expect(Kind::name, "the name of an attribute").text;
  return attribute;
}

ExpressionPointer ExpressionParser::parse_item_or_slice(ExpressionPointer node) {
  auto item = make<Getitem>();
  auto slice = make<SliceExpr>();
  stream_.expect_symbol("[");
  if (!stream_.sees(":")) slice->start = parse_expression();
  if (stream_.skip("]")) {
    item->node = std::move(node);
    item->arg = std::move(slice->start);
    return item;
  }
  slice->node = std::move(node);
  stream_.expect_symbol(":");
  if (!stream_.sees(":") && !stream_.sees("]")) slice->stop = parse_expression();
  if (stream_.skip(":") && !stream_.sees("]")) slice->step = parse_expression();
  stream_.expect_symbol("]");
  return slice;
}

ExpressionPointer ExpressionParser::parse_test(ExpressionPointer node) {
  auto test = make<Test>();
  stream_.take();
  test->is_negated = stream_.skip_name("not");
  test->name = stream_.expect(Kind::name, "the name of a test").text;
  test->node = std::move(node);
  test->arguments = parse_test_arguments();
  return test;
}

CallArguments ExpressionParser::parse_test_arguments() {
  if (stream_.sees("(")) return parse_arguments();
  if (stream_.sees_name("is")) stream_.refuse("the end of a test");
  const Token& next = stream_.current();
  const bool is_name =
      next.kind == Kind::name && next.text != "else" && next.text != "or" && next.text != "and";
  const bool is_value = next.kind == Kind::string || next.kind == Kind::integer ||
                        next.kind == Kind::floating || stream_.sees("[") || stream_.sees("{");
  CallArguments arguments;
  if (is_name || is_value) arguments.args.push_back(parse_postfix(parse_primary()));
  return arguments;
}

ExpressionPointer ExpressionParser::parse_call(ExpressionPointer node) {
  auto call = make<Call>();
  call->node = std::move(node);
  call->arguments = parse_arguments();
  return call;
}

CallArguments ExpressionParser::parse_arguments() {
  CallArguments arguments;
  stream_.expect_symbol("(");
  bool is_first = true;
  while (!stream_.skip(")")) {
    if (!is_first) stream_.expect_symbol(",");
    is_first = false;
    if (stream_.skip(")")) break;
    if (stream_.current().kind == Kind::name && stream_.ahead().kind == Kind::symbol &&
        stream_.ahead().text == "=") {
      std::string name = stream_.take().text;
      stream_.take();
      arguments.kwargs.emplace_back(std::move(name), parse_expression());
    } else if (!arguments.kwargs.empty()) {
      stream_.refuse("an argument with a name");
    } else {
      arguments.args.push_back(parse_expression());
    }
  }
  return arguments;
}

}  // namespace ovbake::jinja
