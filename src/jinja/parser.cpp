#include "jinja/parser.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "jinja/expression_parser.hpp"

namespace ovbake::jinja {
namespace {

using Kind = Token::Kind;
using StatementPointer = std::unique_ptr<Statement>;

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : stream_(std::move(tokens)) {}

  Body parse_template() { return parse_body({}); }
  std::size_t line() const { return stream_.current().line; }

 private:
  template <typename Node>
  std::unique_ptr<Node> make() const {
    auto node = std::make_unique<Node>();
    node->line = line();
    return node;
  }

  /// Statements up to the tag that one of `ends` names, which is the current token then; of none:
  /// up to the end of the template.
  Body parse_body(std::initializer_list<std::string_view> ends) {
    const TokenStream::Nesting nesting(stream_);
    Body body;
    while (!stream_.at_end()) {
      if (stream_.current().kind == Kind::data) {
        auto data = make<TemplateData>();
        data->data = stream_.take().text;
        body.push_back(std::move(data));
      } else if (stream_.current().kind == Kind::variable_begin) {
        body.push_back(parse_output());
      } else {
        stream_.expect(Kind::block_begin, "a tag");
        if (std::ranges::any_of(ends, [&](auto end) { return stream_.sees_name(end); }))
          return body;
        body.push_back(parse_statement());
      }
    }
    if (ends.size() > 0) stream_.refuse(fmt::format("the tag {}", *(ends.end() - 1)));
    return body;
  }

  void end_tag() { stream_.expect(Kind::block_end, "%}"); }

  /// A whole body: what is left of its first tag, statements, and the tag `end`.
  Body parse_block(std::string_view end) {
    end_tag();
    Body body = parse_body({end});
    stream_.take();
    end_tag();
    return body;
  }

  StatementPointer parse_output() {
    auto output = make<Output>();
    stream_.take();
    output->node = expressions_.parse_tuple();
    stream_.expect(Kind::variable_end, "}}");
    return output;
  }

  StatementPointer parse_statement() {
    if (stream_.skip_name("if")) return parse_if();
    if (stream_.skip_name("for")) return parse_for();
    if (stream_.skip_name("set")) return parse_set();
    if (stream_.skip_name("macro")) return parse_macro();
    if (stream_.skip_name("filter")) return parse_filter_block();
    if (stream_.skip_name("with")) return parse_with();
    if (stream_.skip_name("generation")) return parse_generation();
    if (loops_ > 0 && stream_.sees_name("break")) return parse_jump(Statement::Flow::break_loop);
    if (loops_ > 0 && stream_.sees_name("continue"))
      return parse_jump(Statement::Flow::continue_loop);
    const Token tag = stream_.expect(Kind::name, "the name of a tag");
    throw Fault("the tag {} is not supported here", quote(tag.text));
  }

  StatementPointer parse_if() {
    auto choice = make<If>();
    do {
      ExpressionPointer test = expressions_.parse_tuple(false);
      end_tag();
      choice->branches.emplace_back(std::move(test), parse_body({"elif", "else", "endif"}));
    } while (stream_.skip_name("elif"));
    if (stream_.skip_name("else")) {
      end_tag();
      choice->otherwise = parse_body({"endif"});
    }
    stream_.take();
    end_tag();
    return choice;
  }

  StatementPointer parse_for() {
    auto loop = make<For>();
    loop->target = parse_target(false);
    if (!stream_.skip_name("in")) stream_.refuse("in");
    loop->iter = expressions_.parse_tuple(false);
    if (stream_.skip_name("if")) loop->test = expressions_.parse_expression();
    if (stream_.sees_name("recursive")) throw Fault("a recursive loop is not supported");
    end_tag();
    ++loops_;
    loop->body = parse_body({"else", "endfor"});
    --loops_;
    if (stream_.skip_name("else")) {
      end_tag();
      loop->otherwise = parse_body({"endfor"});
    }
    stream_.take();
    end_tag();
    return loop;
  }

  StatementPointer parse_jump(Statement::Flow flow) {
    auto jump = make<Jump>();
    jump->flow = flow;
    stream_.take();
    end_tag();
    return jump;
  }

  Target parse_target(bool may_be_attribute) {
    Target target;
    const bool in_parentheses = stream_.skip("(");
    target.names.push_back(parse_assigned_name());
    if (may_be_attribute && stream_.skip(".")) {
      target.attr = stream_.expect(Kind::name, "the name of an attribute").text;
    }
    while (target.attr.empty() && stream_.skip(",")) {
      target.is_tuple = true;
      if (stream_.current().kind != Kind::name || stream_.sees_name("in")) break;
      target.names.push_back(parse_assigned_name());
    }
    if (in_parentheses) stream_.expect_symbol(")");
    return target;
  }

  std::string parse_assigned_name() {
    return stream_.expect(Kind::name, "the name of a variable").text;
  }

  StatementPointer parse_set() {
    auto assign = make<Assign>();
    auto block = make<AssignBlock>();
    Target target = parse_target(true);
    if (stream_.skip("=")) {
      assign->target = std::move(target);
      assign->node = expressions_.parse_tuple();
      end_tag();
      return assign;
    }
    block->target = std::move(target);
    while (stream_.skip("|")) block->filters.push_back(expressions_.parse_filter_call());
    block->body = parse_block("endset");
    return block;
  }

  StatementPointer parse_macro() {
    auto macro = make<Macro>();
    macro->name = parse_assigned_name();
    stream_.expect_symbol("(");
    while (!stream_.skip(")")) {
      if (!macro->args.empty()) stream_.expect_symbol(",");
      std::string parameter = parse_assigned_name();
      ExpressionPointer otherwise = stream_.skip("=") ? expressions_.parse_expression() : nullptr;
      macro->args.emplace_back(std::move(parameter), std::move(otherwise));
    }
    const std::size_t loops = std::exchange(loops_, 0);
    macro->body = parse_block("endmacro");
    loops_ = loops;
    return macro;
  }

  StatementPointer parse_filter_block() {
    auto block = make<FilterBlock>();
    do {
      block->filters.push_back(expressions_.parse_filter_call());
    } while (stream_.skip("|"));
    block->body = parse_block("endfilter");
    return block;
  }

  StatementPointer parse_with() {
    auto block = make<ScopedBlock>();
    while (stream_.current().kind != Kind::block_end) {
      if (!block->variables.empty()) stream_.expect_symbol(",");
      Target target = parse_target(false);
      stream_.expect_symbol("=");
      block->variables.emplace_back(std::move(target), expressions_.parse_expression());
    }
    block->body = parse_block("endwith");
    return block;
  }

  StatementPointer parse_generation() {
    auto block = make<ScopedBlock>();
    block->body = parse_block("endgeneration");
    return block;
  }

  TokenStream stream_;
  ExpressionParser expressions_{stream_};
  std::size_t loops_ = 0;  ///< Around the current statement, within its macro.
};

}  // namespace

Body parse(std::string_view source, std::size_t& line) {
  Parser parser(tokenize(source, line));
  try {
    return parser.parse_template();
  } catch (const Fault&) {
    line = parser.line();
    throw;
  }
}

}  // namespace ovbake::jinja
