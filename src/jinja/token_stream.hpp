// The tokens of a template, taken one after the other.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jinja/lexer.hpp"

namespace ovbake::jinja {

class TokenStream {
 public:
  explicit TokenStream(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  const Token& current() const { return tokens_[at_]; }
  const Token& ahead() const { return tokens_[at_ + (at_end() ? 0 : 1)]; }
  bool at_end() const { return current().kind == Token::Kind::end; }

  Token take();
  Token expect(Token::Kind kind, std::string_view expected);

  bool sees(std::string_view symbol) const { return is(Token::Kind::symbol, symbol); }
  bool sees_name(std::string_view name) const { return is(Token::Kind::name, name); }
  /// Step over it and say true, or say false.
  bool skip(std::string_view symbol);
  bool skip_name(std::string_view name);
  void expect_symbol(std::string_view symbol);

  /// That something else than `expected` is there.
  [[noreturn]] void refuse(std::string_view expected) const;

  /// Holds one level of nesting; refuses too deep a one.
  class Nesting {
   public:
    explicit Nesting(TokenStream& stream) : stream_(stream) { stream.deepen(); }
    ~Nesting() { stream_.nesting_ -= levels_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    void deepen() {
      stream_.deepen();
      ++levels_;
    }

   private:
    TokenStream& stream_;
    std::size_t levels_ = 1;
  };

 private:
  bool is(Token::Kind kind, std::string_view text) const {
    return current().kind == kind && current().text == text;
  }
  void deepen();

  std::vector<Token> tokens_;
  std::size_t at_ = 0, nesting_ = 0;
};

}  // namespace ovbake::jinja
