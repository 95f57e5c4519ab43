// tekken.json: Mistral's ranks of byte strings behind their special tokens, and the pattern that
// splits a text. Nothing in it puts a token around a text: its chat template does.
#include <array>

#include "base/error.hpp"
#include "tokenizer/base64.hpp"
#include "tokenizer/bpe_merges.hpp"
#include "tokenizer/byte_level.hpp"
#include "tokenizer/checkpoint_tokenizer.hpp"
#include "tokenizer/json_document.hpp"

namespace ovbake {
namespace {

/// Those of files that list none.
constexpr std::array kFirstSpecialTokens{"<unk>",
                                         "<s>",
                                         "</s>",
                                         "[INST]",
                                         "[/INST]",
                                         "[AVAILABLE_TOOLS]",
                                         "[/AVAILABLE_TOOLS]",
                                         "[TOOL_RESULTS]",
                                         "[/TOOL_RESULTS]",
                                         "[TOOL_CALLS]",
                                         "[IMG]",
                                         "<pad>",
                                         "[IMG_BREAK]",
                                         "[IMG_END]",
                                         "[PREFIX]",
                                         "[MIDDLE]",
                                         "[SUFFIX]",
                                         "[SYSTEM_PROMPT]",
                                         "[/SYSTEM_PROMPT]",
                                         "[TOOL_CONTENT]"};

struct Sizes {
  std::int64_t special, ranked;
};

Sizes sizes_of(const Json& config) {
  const std::int64_t all = integer_of(config, "default_vocab_size", -1);
  const std::int64_t special = integer_of(config, "default_num_special_tokens", -1);
  if (special < 0 || all <= special || all > Vocabulary::kMaxId) {
    throw input_error("its config has {} tokens, of which {} are special", all, special);
  }
  return {special, all - special};
}

std::vector<AddedToken> special_tokens_of(const Json& listed, std::int64_t count) {
  std::vector<AddedToken> tokens;
  for (TokenId id = 0; id < count; ++id) {
    tokens.push_back({.id = id, .content = fmt::format("<SPECIAL_{}>", id), .special = true});
  }
  const auto name = [&](std::int64_t rank, std::string content) {
    if (rank < 0 || rank >= count) {
      throw input_error("its special token {} has the rank {} of {}", content, rank, count);
    }
    tokens[static_cast<std::size_t>(rank)].content = std::move(content);
  };
  for (std::size_t rank = 0; listed.is_null() && rank < kFirstSpecialTokens.size(); ++rank) {
    name(static_cast<std::int64_t>(rank), kFirstSpecialTokens[rank]);
  }
  for (const Json& token : listed) name(integer_of(token, "rank", -1), text_of(token, "token_str"));
  return tokens;
}

Vocabulary vocabulary_of(simdjson::ondemand::object& root, const Sizes& sizes) {
  Vocabulary vocabulary;
  for (auto entry : root.find_field_unordered("vocab").get_array()) {
    auto token = entry.get_object();
    const std::int64_t rank = token.find_field_unordered("rank").get_int64();
    const std::string_view bytes = token.find_field_unordered("token_bytes").get_string();
    if (rank < sizes.ranked) vocabulary.add(spell_bytes(from_base64(bytes)), rank + sizes.special);
  }
  if (static_cast<std::int64_t>(vocabulary.count()) != sizes.ranked) {
    throw input_error("it has {} tokens of the {} that its config names", vocabulary.count(),
                      sizes.ranked);
  }
  return vocabulary;
}

}  // namespace

TokenizerDescription read_tekken(const SmallFile& file) {
  const simdjson::padded_string_view text = load_document(file);
  TokenizerDescription d;
  d.where = file.where();
  d.file = TokenizerFile::ranks;
  try {
    simdjson::ondemand::parser parser;
    simdjson::ondemand::document document = parser.iterate(text);
    simdjson::ondemand::object root = document.get_object();
    const Json config = small_json(root, "config");
    const Sizes sizes = sizes_of(config);
    d.added_tokens = special_tokens_of(small_json(root, "special_tokens"), sizes.special);
    set_ranked_steps(d, vocabulary_of(root, sizes), text_of(config, "pattern"));
  } catch (const simdjson::simdjson_error& error) {
    throw input_error("{} is no tekken.json that can be read: {}.", d.where, error.what());
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) throw;
    throw input_error("{} is no tekken.json that can be read: {}.", d.where, error.what());
  }
  d.warnings.emplace_back(
      "tekken.json names no token that goes before a text, so none is put there; a chat template "
      "has to write its <s>.");
  return d;
}

}  // namespace ovbake
