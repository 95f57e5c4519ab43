#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "base/file.hpp"
#include "tokenizer/base64.hpp"
#include "tokenizer/bpe_merges.hpp"
#include "tokenizer/byte_level.hpp"
#include "tokenizer/checkpoint_tokenizer.hpp"
#include "tokenizer/published_patterns.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kMaxFileBytes = 256 << 20;
constexpr int kExtraTokens = 205;

/// What the code of a family knows of its file.
struct Published {
  std::string_view family;
  std::size_t tokens;
  std::string_view pattern;
};

constexpr Published kQwen{"Qwen 1", 151643, kQwenPattern};
constexpr Published kGlm4{"GLM-4", 151329, kGlm4Pattern};

/// Which of them a file of that many tokens is.
const Published& published(std::size_t tokens) {
  for (const Published* known : {&kQwen, &kGlm4}) {
    if (known->tokens == tokens) return *known;
  }
  throw input_error(
      "it has {} tokens, but only the split patterns of {} with {} and of {} with {} are known; "
      "convert it to tokenizer.json",
      tokens, kQwen.family, kQwen.tokens, kGlm4.family, kGlm4.tokens);
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

void add_ranked(std::string_view line, Vocabulary& vocabulary) {
  const std::size_t space = line.find(' ');
  if (space == line.npos) throw input_error("the line \"{}\" is no token with its rank", line);
  const std::string_view digits = line.substr(space + 1);
  std::int64_t rank = -1;
  const auto [end, fault] = std::from_chars(digits.begin(), digits.end(), rank);
  if (fault != std::errc() || end != digits.end()) throw input_error("\"{}\" is no rank", digits);
  vocabulary.add(spell_bytes(from_base64(line.substr(0, space))), rank);
}

/// Those of GLM-4 stand in its tokenizer_config.json.
void add_qwen_tokens(TokenizerDescription& d) {
  auto next = static_cast<TokenId>(d.vocabulary().size());
  const auto add = [&](std::string content) {
    d.added_tokens.push_back({.id = next++, .content = std::move(content), .special = true});
  };
  for (const char* token : {"<|endoftext|>", "<|im_start|>", "<|im_end|>"}) add(token);
  for (int i = 0; i < kExtraTokens; ++i) add(fmt::format("<|extra_{}|>", i));
}

}  // namespace

TokenizerDescription read_tiktoken(const SmallFile& file) {
  TokenizerDescription d;
  d.where = file.where();
  d.file = TokenizerFile::ranks;
  const std::string& text = file.text(kMaxFileBytes);
  try {
    Vocabulary vocabulary;
    for (std::string_view rest = text; !rest.empty();) {
      const std::string_view line = take_line(rest);
      if (!line.empty()) add_ranked(line, vocabulary);
    }
    const Published& family = published(vocabulary.count());
    set_ranked_steps(d, std::move(vocabulary), family.pattern);
    if (&family == &kQwen) {
      add_qwen_tokens(d);
      d.normalizers = {{{"type", "NFC"}}};
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) throw;
    throw input_error("{} is no tiktoken file that can be read: {}.", d.where, error.what());
  }
  return d;
}

}  // namespace ovbake
