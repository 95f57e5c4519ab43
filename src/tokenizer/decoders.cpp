#include "tokenizer/byte_level.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/string_table.hpp"

namespace ovbake {
namespace {

/// Every token by id: the model's, overlaid by the added ones.
std::vector<std::string> tokens_by_id(const TokenizerDescription& tokenizer) {
  const Vocabulary& vocabulary = tokenizer.vocabulary();
  std::vector<std::string> tokens(vocabulary.size());
  for (std::size_t id = 0; id < tokens.size(); ++id) tokens[id] = vocabulary[TokenId(id)];
  for (const AddedToken& token : tokenizer.added_tokens) {
    const auto id = static_cast<std::size_t>(token.id);
    if (id >= tokens.size()) tokens.resize(id + 1);
    tokens[id] = token.content;
  }
  return tokens;
}

std::vector<TokenId> special_ids(const TokenizerDescription& tokenizer) {
  std::vector<TokenId> ids;
  for (const AddedToken& token : tokenizer.added_tokens) {
    if (token.special) ids.push_back(token.id);
  }
  return ids;
}

}  // namespace

Strings decode(const TokenizerDescription& tokenizer, const Value& ids) {
  if (tokenizer.decoders.size() != 1 || !is_step(tokenizer.decoders[0], "ByteLevel")) {
    refuse_step(Json(tokenizer.decoders), "no operation does what it does");
  }
  StringTable table;
  for (const std::string& token : tokens_by_id(tokenizer)) table.push(decoded_bytes(token));
  return utf8_validate(fuse(vocab_decoder(ids, table.constants(), special_ids(tokenizer))));
}

}  // namespace ovbake
