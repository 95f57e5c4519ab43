#include "base/error.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/string_table.hpp"

namespace ovbake {

Ids tokenize_word_level(const TokenizerDescription& tokenizer, const WordLevelModel& model,
                        const Pieces& pieces) {
  const auto unknown = model.vocabulary.find(model.unk_token);
  if (!unknown) throw input_error("the vocabulary lacks its unk_token \"{}\"", model.unk_token);
  StringTable table;
  std::vector<TokenId> ids;
  const auto add = [&](std::string_view text, TokenId id) {
    table.push(text);
    ids.push_back(id);
  };
  for (TokenId id = 0; id < static_cast<TokenId>(model.vocabulary.size()); ++id) {
    if (model.vocabulary.has(id)) add(model.vocabulary[id], id);
  }
  for (const AddedToken& token : tokenizer.added_tokens) {
    add(token.piece, token.id);
  }
  return vocab_encoder(pieces, table.constants(), constant(ids), *unknown);
}

}  // namespace ovbake
