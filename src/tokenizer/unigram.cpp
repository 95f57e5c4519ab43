// Unigram. The operation gives one id for what it does not know, so under byte fallback every
// character without a token of its own becomes placeholders of its bytes first, and the byte tokens
// are written as those.
#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "tokenizer/added_tokens.hpp"
#include "tokenizer/charsmap.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/placeholders.hpp"
#include "tokenizer/string_table.hpp"

namespace ovbake {
namespace {

/// Better than any path of other tokens through the same text.
constexpr float kAddedTokenScore = 1000;

/// The operation's vocabulary: a row for every id, then rows that stand for another row's id.
struct Rows {
  std::vector<std::string> texts;
  std::vector<float> scores;
  std::vector<TokenId> ids;

  void resize(std::size_t count, float score) {
    while (texts.size() < count) add("", score, static_cast<TokenId>(texts.size()));
  }
  void add(std::string_view text, float score, TokenId id) {
    texts.emplace_back(text);
    scores.push_back(score);
    ids.push_back(id);
  }
};

Rows rows_of(const TokenizerDescription& tokenizer, const UnigramModel& model) {
  Rows rows;
  for (std::size_t id = 0; id < model.scores.size(); ++id) {
    const std::string_view token = model.vocabulary[TokenId(id)];
    // Of two that read the same, Hugging Face knows the last.
    const bool known = model.vocabulary.find(token) == TokenId(id);
    rows.add(known ? token : "", static_cast<float>(model.scores[id]), TokenId(id));
  }
  const float lowest = *std::ranges::min_element(rows.scores);
  for (const AddedToken& token : tokenizer.added_tokens) {
    const auto id = static_cast<std::size_t>(token.id);
    rows.resize(id + 1, lowest);
    rows.texts[id] = text_of_added_token(tokenizer, token);
    rows.scores[id] = kAddedTokenScore;
  }
  return rows;
}

/// Characters that are tokens stay; of all others each byte becomes its placeholder.
CharsMap unknown_characters_to_bytes(const UnigramModel& model) {
  CharsMap map;
  for (unsigned byte = 1; byte < 256; ++byte) {
    map[std::string(1, static_cast<char>(byte))] = byte_placeholder(byte);
  }
  for (std::size_t id = 0; id < model.vocabulary.size(); ++id) {
    const std::string token(model.vocabulary[TokenId(id)]);
    if (is_one_character(token) && token[0] != '\0') map[token] = token;
  }
  return map;
}

/// A character that only longer tokens hold may or may not be known, which no map can tell.
void require_single_characters(const UnigramModel& model, const Vocabulary& vocabulary) {
  for (std::size_t id = 0; id < model.vocabulary.size(); ++id) {
    std::string_view token = vocabulary[TokenId(id)];
    const bool is_byte = token.size() == 6 && token.starts_with("<0x");
    if (is_byte || model.scores[id] == 0.0) continue;
    while (!token.empty()) {
      const std::string_view one = token.substr(0, character_bytes(token[0]));
      if (!vocabulary.find(one)) {
        throw input_error(
            "the Unigram vocabulary has \"{}\" within \"{}\" but not by itself, which has no "
            "equivalent under byte fallback",
            one, vocabulary[TokenId(id)]);
      }
      token.remove_prefix(one.size());
    }
  }
}

Pieces fall_back_to_bytes(const UnigramModel& model, Pieces pieces, Rows& rows) {
  const auto bytes = byte_token_ids(model.vocabulary);
  if (!bytes) return pieces;
  require_single_characters(model, model.vocabulary);
  for (unsigned byte = 0; byte < 256; ++byte) {
    const auto id = static_cast<std::size_t>((*bytes)[byte]);
    rows.add(rows.texts[id], rows.scores[id], rows.ids[id]);
    rows.texts[id] = byte_placeholder(byte);
  }
  return charsmap(std::move(pieces), compile_charsmap(unknown_characters_to_bytes(model)));
}

/// The operation's trie takes no empty string.
void fill_empty_texts(const Vocabulary& vocabulary, Rows& rows) {
  const std::string mark = unused_noncharacter(vocabulary);
  for (std::size_t i = 0; i < rows.texts.size(); ++i) {
    if (rows.texts[i].empty() || rows.texts[i][0] == '\0')
      rows.texts[i] = fmt::format("{}{}", mark, i);
  }
}

}  // namespace

Ids tokenize_unigram(const TokenizerDescription& tokenizer, const UnigramModel& model,
                     const Pieces& pieces) {
  if (model.scores.empty()) throw input_error("the Unigram vocabulary is empty");
  if (!model.unk_id) throw input_error("the Unigram model has no unk_id");
  Rows rows = rows_of(tokenizer, model);
  Pieces prepared = pieces;
  if (model.byte_fallback) prepared = fall_back_to_bytes(model, std::move(prepared), rows);
  fill_empty_texts(model.vocabulary, rows);
  StringTable table;
  for (const std::string& text : rows.texts) table.push(text);
  const Ids ids =
      unigram_tokenizer(prepared, table.constants(), constant(rows.scores), *model.unk_id);
  const bool has_aliases = model.byte_fallback && byte_token_ids(model.vocabulary);
  return has_aliases ? map_ids(ids, rows.ids) : ids;
}

}  // namespace ovbake
