#include "base/error.hpp"
#include "tokenizer/added_tokens.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/placeholders.hpp"
#include "tokenizer/string_table.hpp"

namespace ovbake {

Ids tokenize_word_piece(const TokenizerDescription& tokenizer, const WordPieceModel& model,
                        const Pieces& pieces) {
  const auto unknown = model.vocabulary.find(model.unk_token);
  if (!unknown) throw input_error("the vocabulary lacks its unk_token \"{}\"", model.unk_token);
  if (model.max_input_chars_per_word < 0 || model.max_input_chars_per_word > 10000) {
    throw input_error("max_input_chars_per_word is {}", model.max_input_chars_per_word);
  }
  std::vector<std::string> texts(model.vocabulary.size());
  for (std::size_t id = 0; id < texts.size(); ++id) texts[id] = model.vocabulary[TokenId(id)];
  for (const AddedToken& token : tokenizer.added_tokens) {
    const auto id = static_cast<std::size_t>(token.id);
    if (id >= texts.size()) texts.resize(id + 1);
    texts[id] = text_of_added_token(tokenizer, token);
  }
  StringTable table;
  for (const std::string& text : texts) table.push(text);
  // The operation counts bytes, Hugging Face characters: too long a word becomes an unknown one.
  const Pieces prepared = regex_replace(
      pieces, fmt::format("\\A[\\s\\S]{{{},}}\\z", model.max_input_chars_per_word + 1),
      unused_noncharacter(model.vocabulary), false);
  return wordpiece_tokenizer(prepared, table.constants(), *unknown,
                             model.continuing_subword_prefix);
}

}  // namespace ovbake
