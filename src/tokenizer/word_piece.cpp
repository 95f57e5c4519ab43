// WordPiece for an operation that tells what continues a word from what begins one by the prefix: a
// mark takes its place, and tokens that have it stand in the vocabulary once more, as they may
// begin a word too.
#include "base/error.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/placeholders.hpp"
#include "tokenizer/string_table.hpp"

namespace ovbake {

namespace {

/// The operation's vocabulary: a row for every id, then more rows for some.
struct Rows {
  std::vector<std::string> texts;
  std::vector<TokenId> ids;

  void add(std::string_view text, TokenId id) {
    texts.emplace_back(text);
    ids.push_back(id);
  }
};

Rows rows_of(const TokenizerDescription& tokenizer, const WordPieceModel& model,
             const std::string& mark) {
  const std::string_view prefix = model.continuing_subword_prefix;
  const auto count = static_cast<TokenId>(model.vocabulary.size());
  Rows rows;
  for (TokenId id = 0; id < count; ++id) {
    const std::string_view token = model.vocabulary[id];
    const bool continues = token.starts_with(prefix);
    rows.add(continues ? mark + std::string(token.substr(prefix.size())) : std::string(token), id);
  }
  for (TokenId id = 0; id < count; ++id) {
    const std::string_view token = model.vocabulary[id];
    if (!token.empty() && token.starts_with(prefix)) rows.add(token, id);
  }
  for (const AddedToken& token : tokenizer.added_tokens) {
    rows.add(token.piece, token.id);
  }
  return rows;
}

}  // namespace

Ids tokenize_word_piece(const TokenizerDescription& tokenizer, const WordPieceModel& model,
                        const Pieces& pieces) {
  const auto unknown = model.vocabulary.find(model.unk_token);
  if (!unknown) throw input_error("the vocabulary lacks its unk_token \"{}\"", model.unk_token);
  if (model.max_input_chars_per_word < 0 || model.max_input_chars_per_word > 10000) {
    throw input_error("max_input_chars_per_word is {}", model.max_input_chars_per_word);
  }
  const std::string mark = unused_noncharacter(model.vocabulary);
  const Rows rows = rows_of(tokenizer, model, mark);
  StringTable table;
  for (const std::string& text : rows.texts) table.push(text);
  // The operation counts bytes, Hugging Face characters: too long a word becomes an unknown one.
  const Pieces prepared = regex_replace(
      pieces, fmt::format("\\A[\\s\\S]{{{},}}\\z", model.max_input_chars_per_word + 1),
      unused_noncharacter(model.vocabulary), false);
  return map_ids(wordpiece_tokenizer(prepared, table.constants(), *unknown, mark), rows.ids);
}

}  // namespace ovbake
