#include "tokenizer/enclosing.hpp"

#include <algorithm>
#include <optional>

#include <spdlog/fmt/fmt.h>

#include "tokenizer/bpe_merges.hpp"
#include "tokenizer/byte_level.hpp"
#include "tokenizer/conversion.hpp"

namespace ovbake {
namespace {

constexpr char kBegin = '\x80', kEnd = '\x81', kBeginNormalized = '\x82';

/// What other characters become in NFC: everything but ASCII, and three of that.
std::string bytes_of_nfc() {
  std::string bytes = "K;`";
  for (unsigned byte = 0x80; byte < 256; ++byte) bytes += static_cast<char>(byte);
  return bytes;
}

/// The bytes of what a normalizer may put into a text or put together; nothing where those may be
/// any.
std::optional<std::string> bytes_from_normalizer(const Json& step) {
  if (is_step(step, "NFC")) return bytes_of_nfc();
  if (is_step(step, "Prepend")) return text_of(step, "prepend");
  if (is_step(step, "Replace") && !text_of(step, "content").empty())
    return text_of(step, "content");
  return std::nullopt;
}

std::string bytes_from_pre_tokenizer(const Json& step) {
  if (is_step(step, "Metaspace")) return text_of(step, "replacement");
  return is_step(step, "ByteLevel") ? " " : "";
}

/// A text that holds none of these bytes was there before normalizers and pre-tokenizers.
std::optional<std::string> bytes_from_steps(const TokenizerDescription& tokenizer) {
  std::string bytes;
  for (const Json& step : tokenizer.pre_tokenizers) bytes += bytes_from_pre_tokenizer(step);
  for (const Json& step : tokenizer.normalizers) {
    const auto more = bytes_from_normalizer(step);
    if (!more) return std::nullopt;
    bytes += *more;
  }
  return bytes;
}

/// The model gives what reads like an added token the added token's id, unless it makes the same
/// text by itself.
bool told_by_text(const TokenizerDescription& tokenizer) {
  const auto* bpe = std::get_if<BpeModel>(&tokenizer.model);
  const auto from_steps = bytes_from_steps(tokenizer);
  if (!bpe || !from_steps) return false;
  const std::vector<bool> made = made_by_merges(*bpe);
  return std::ranges::all_of(tokenizer.added_tokens, [&](const AddedToken& token) {
    const std::string& text = token.looked_for;
    const auto known = bpe->vocabulary.find(is_byte_level(tokenizer) ? spell_bytes(text) : text);
    const bool by_model = known && made[static_cast<std::size_t>(*known)];
    return !token.single_word && !by_model && text.find_first_of(*from_steps) == text.npos;
  });
}

}  // namespace

std::string enclosed(std::string_view text) { return fmt::format("{}{}{}", kBegin, text, kEnd); }

std::string enclosed_when_normalized(std::string_view text) {
  return fmt::format("{}{}{}", kBeginNormalized, text, kEnd);
}

Pieces enclose(Pieces pieces, std::string_view pattern, const std::string& enclosed_group) {
  pieces = regex_replace(std::move(pieces), pattern, enclosed_group, false);
  const auto begin = static_cast<std::uint8_t>(enclosed_group[0]);
  pieces.skips = either(*pieces.skips, begin_with(pieces.text, begin));
  return pieces;
}

void name_added_tokens(TokenizerDescription& tokenizer) {
  const bool as_they_stand = told_by_text(tokenizer);
  const bool cut_twice = !std::ranges::all_of(tokenizer.added_tokens, &AddedToken::normalized);
  for (AddedToken& token : tokenizer.added_tokens) {
    const bool cut_first = !(token.normalized && cut_twice);
    token.piece = !cut_first      ? enclosed_when_normalized(token.looked_for)
                  : as_they_stand ? token.looked_for
                                  : enclosed(token.looked_for);
  }
}

}  // namespace ovbake
