#include "jinja/token_stream.hpp"

#include "base/text.hpp"
#include "jinja/fault.hpp"

namespace ovbake::jinja {
namespace {

constexpr std::size_t kMaxNesting = 400;

std::string shown(const Token& token) {
  switch (token.kind) {
    case Token::Kind::data:
      return "text";
    case Token::Kind::block_begin:
      return "{%";
    case Token::Kind::block_end:
      return "%}";
    case Token::Kind::variable_begin:
      return "{{";
    case Token::Kind::variable_end:
      return "}}";
    case Token::Kind::end:
      return "the end of the template";
    default:
      return quote(token.text);
  }
}

}  // namespace

Token TokenStream::take() {
  Token token = current();
  if (!at_end()) ++at_;
  return token;
}

Token TokenStream::expect(Token::Kind kind, std::string_view expected) {
  if (current().kind != kind) refuse(expected);
  return take();
}

bool TokenStream::skip(std::string_view symbol) {
  const bool there = sees(symbol);
  if (there) ++at_;
  return there;
}

bool TokenStream::skip_name(std::string_view name) {
  const bool there = sees_name(name);
  if (there) ++at_;
  return there;
}

void TokenStream::expect_symbol(std::string_view symbol) {
  if (!skip(symbol)) refuse(symbol);
}

void TokenStream::refuse(std::string_view expected) const {
  throw Fault("{} stands where {} is expected", shown(current()), expected);
}

void TokenStream::deepen() {
  if (nesting_ >= kMaxNesting) throw Fault("it is nested deeper than {} levels", kMaxNesting);
  ++nesting_;
}

}  // namespace ovbake::jinja
