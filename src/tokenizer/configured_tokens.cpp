#include <algorithm>
#include <array>
#include <set>

#include "base/error.hpp"
#include "tokenizer/added_vocabulary.hpp"
#include "tokenizer/configure.hpp"

namespace ovbake {
namespace {

/// Behind the pieces of a ChatGLM of the second or third generation.
constexpr std::array kChatGlmTokens{"[MASK]",   "[gMASK]",       "[sMASK]",
                                    "sop",      "eop",           "<|system|>",
                                    "<|user|>", "<|assistant|>", "<|observation|>"};

/// The listed tokens by id. Without added_tokens_decoder those of tokenizer.json are among them,
/// because special tokens that are named by their text alone take their flags from there.
std::map<TokenId, AddedToken> listed_tokens(const TokenizerDescription& d,
                                            const TokenizerConfig& config) {
  std::map<TokenId, AddedToken> listed = config.listed;
  if (config.has_decoder || d.file != TokenizerFile::json) return listed;
  for (const AddedToken& token : d.added_tokens) listed.insert_or_assign(token.id, token);
  return listed;
}

void add_chatglm_tokens(AddedVocabulary& added) {
  for (const char* content : kChatGlmTokens) added.add({.content = content, .special = true});
}

void warn_of_id(TokenizerDescription& d, const AddedToken& token, TokenId listed, TokenId given) {
  d.warnings.push_back(fmt::format(
      "{} has the id {}, which transformers gives it, although tokenizer_config.json or "
      "added_tokens.json lists it with {}; save the tokenizer again to make the files agree.",
      token.content, given, listed));
}

}  // namespace

void configure_tokens(TokenizerDescription& d, const TokenizerConfig& config) {
  AddedVocabulary added(d.vocabulary());
  for (const AddedToken& token : d.added_tokens) added.add_at_id(token);
  if (config.tokenizer_class == "ChatGLMTokenizer") add_chatglm_tokens(added);
  std::set<std::string> special;
  const std::vector<AddedToken> named = special_tokens(config);
  for (const AddedToken& token : named) special.insert(token.content);
  for (auto& [id, token] : listed_tokens(d, config)) {
    token.special |= special.contains(token.content);
    token.id = id;
    if (d.file == TokenizerFile::json) {
      added.add(token);
      const TokenId given = added.find(token.content).value_or(id);
      if (given != id) warn_of_id(d, token, id, given);
    } else {
      // Code in Python looks for them in the text as given.
      token.normalized = false;
      added.add_at_id(token);
    }
  }
  for (const AddedToken& token : named) {
    if (!added.find(token.content)) added.add(token);
  }
  d.added_tokens = added.tokens();
  if (!flag_of(config.json, "split_special_tokens", false)) return;
  for (AddedToken& token : d.added_tokens) token.cut_out = !token.special;
}

}  // namespace ovbake
