#include <algorithm>
#include <utility>

#include "tokenizer/byte_level.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/regex.hpp"

namespace ovbake {
namespace {

Pieces digits(const Json& step, const Pieces& pieces) {
  const bool individual = flag_of(step, "individual_digits", false);
  return regex_split(pieces, individual ? R"(\p{N})" : R"(\p{N}+)", SplitBehaviour::isolate);
}

Pieces byte_level(const Json& step, Pieces pieces) {
  if (flag_of(step, "add_prefix_space", true)) {
    pieces = regex_replace(pieces, R"(\A(?=[^ ]))", " ", false);
  }
  if (!flag_of(step, "use_regex", true)) return pieces;
  return regex_split(pieces, to_pcre2(kGpt2Pattern), SplitBehaviour::isolate);
}

Pieces apply_step(const Json& step, const Pieces& pieces) {
  if (is_step(step, "Digits")) return digits(step, pieces);
  if (is_step(step, "ByteLevel")) return byte_level(step, pieces);
  refuse_step(step, "no operation does what it does");
}

}  // namespace

bool is_byte_level(const TokenizerDescription& tokenizer) {
  const auto byte_level = [](const Json& step) { return is_step(step, "ByteLevel"); };
  return std::ranges::any_of(tokenizer.pre_tokenizers, byte_level) ||
         std::ranges::any_of(tokenizer.normalizers, byte_level);
}

Pieces pre_tokenize(const TokenizerDescription& tokenizer, Pieces pieces) {
  pieces = with_spare_character(std::move(pieces));
  for (const Json& step : tokenizer.pre_tokenizers) pieces = apply_step(step, pieces);
  return pieces;
}

}  // namespace ovbake
