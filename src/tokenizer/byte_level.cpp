#include "tokenizer/byte_level.hpp"

#include <array>

#include "base/utf8.hpp"

namespace ovbake {
namespace {

/// Bytes that are printable in Latin-1 stand for themselves; the others follow from U+0100 on.
std::array<int, 324> make_byte_table() {
  std::array<int, 324> byte_of;
  byte_of.fill(-1);
  int next = 256;
  for (int byte = 0; byte < 256; ++byte) {
    const bool itself = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    byte_of[static_cast<std::size_t>(itself ? byte : next++)] = byte;
  }
  return byte_of;
}

}  // namespace

std::optional<std::string> spelled_bytes(std::string_view token) {
  static const auto byte_of = make_byte_table();
  std::string bytes;
  while (!token.empty()) {
    const char32_t c = take_character(token);
    if (c >= byte_of.size() || byte_of[c] < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(byte_of[c]));
  }
  return bytes;
}

std::string spell_bytes(std::string_view bytes) {
  static const auto character_of = [] {
    std::array<char32_t, 256> table{};
    const auto byte_of = make_byte_table();
    for (std::size_t c = 0; c < byte_of.size(); ++c) {
      if (byte_of[c] >= 0) table[static_cast<std::size_t>(byte_of[c])] = static_cast<char32_t>(c);
    }
    return table;
  }();
  std::string token;
  for (const char byte : bytes) {
    append_character(token, character_of[static_cast<unsigned char>(byte)]);
  }
  return token;
}

std::string decoded_bytes(std::string_view token) {
  return spelled_bytes(token).value_or(std::string(token));
}

}  // namespace ovbake
