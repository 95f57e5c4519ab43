#include "tokenizer/placeholders.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace ovbake {
namespace {

constexpr char32_t kByteBlock = 0x10FF00;
constexpr char32_t kFirstNoncharacter = 0xFDD0, kLastNoncharacter = 0xFDEF;

bool holds(const Vocabulary& vocabulary, std::string_view text) {
  for (TokenId id = 0; id < static_cast<TokenId>(vocabulary.size()); ++id) {
    if (vocabulary[id].find(text) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

std::string byte_placeholder(unsigned byte) {
  std::string text;
  append_character(text, kByteBlock + byte);
  return text;
}

bool holds_placeholder(std::string_view text) {
  while (!text.empty()) {
    if (take_character(text) >= kByteBlock) return true;
  }
  return false;
}

std::string placeholder_members(unsigned first, unsigned last) {
  return fmt::format("\\x{{{:X}}}-\\x{{{:X}}}", static_cast<unsigned>(kByteBlock) + first,
                     static_cast<unsigned>(kByteBlock) + last);
}

std::string unused_noncharacter(const Vocabulary& vocabulary, std::string_view others) {
  for (char32_t c = kFirstNoncharacter; c <= kLastNoncharacter; ++c) {
    std::string text;
    append_character(text, c);
    if (others.find(text) == others.npos && !holds(vocabulary, text)) return text;
  }
  throw input_error("the vocabulary uses every noncharacter, so that none is left as a mark");
}

std::string byte_token(unsigned byte) { return fmt::format("<0x{:02X}>", byte); }

std::optional<std::array<TokenId, 256>> byte_token_ids(const Vocabulary& vocabulary) {
  std::array<TokenId, 256> ids{};
  unsigned found = 0;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const auto id = vocabulary.find(byte_token(byte));
    if (id) ids[byte] = *id;
    found += id.has_value();
  }
  if (found == 0) return std::nullopt;
  if (found < 256) {
    throw input_error(
        "the vocabulary has {} of the 256 tokens <0x00> … <0xFF> that byte fallback needs", found);
  }
  return ids;
}

}  // namespace ovbake
