// Unigram. The operation gives one id for what it does not know, so under byte fallback every
// character without a token of its own becomes placeholders of its bytes first, and the byte tokens
// are written as those.
#include <algorithm>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "tokenizer/charsmap.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/placeholders.hpp"
#include "tokenizer/regex.hpp"
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
  for (const AddedToken& token : tokenizer.added_tokens) {
    rows.add(token.piece, kAddedTokenScore, token.id);
  }
  return rows;
}

/// Characters that are tokens stay; of all others each byte becomes its placeholder, and so it does
/// of the unknown token where a text spells it.
CharsMap unknown_characters_to_bytes(const UnigramModel& model) {
  CharsMap map;
  for (unsigned byte = 1; byte < 256; ++byte) {
    map[std::string(1, static_cast<char>(byte))] = byte_placeholder(byte);
  }
  for (std::size_t id = 0; id < model.vocabulary.size(); ++id) {
    const std::string token(model.vocabulary[TokenId(id)]);
    if (is_one_character(token) && token[0] != '\0') map[token] = token;
  }
  const std::string unknown(model.vocabulary[*model.unk_id]);
  if (!unknown.empty()) map[unknown] = unknown;
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

/// What is unknown side by side is one unknown, which falls back to bytes unless it is the unknown
/// token spelt out.
Pieces join_unknown(std::string_view unknown, Pieces pieces) {
  std::string bytes;
  for (const char byte : unknown) bytes += byte_placeholder(static_cast<unsigned char>(byte));
  const std::string beside =
      fmt::format("[{}]|{}", placeholder_members(0, 255), literal_pattern(unknown));
  return regex_replace(std::move(pieces),
                       fmt::format("{0}(?={1})|(?<={1}){0}", literal_pattern(unknown), beside),
                       bytes);
}

Pieces fall_back_to_bytes(const UnigramModel& model, Pieces pieces, Rows& rows) {
  const auto bytes = byte_token_ids(model.vocabulary);
  if (!bytes) return pieces;
  require_single_characters(model, model.vocabulary);
  for (unsigned byte = 0; byte < 256; ++byte) {
    const auto id = static_cast<std::size_t>((*bytes)[byte]);
    if (model.spells_bytes) rows.add(rows.texts[id], rows.scores[id], rows.ids[id]);
    rows.texts[id] = byte_placeholder(byte);
  }
  pieces = charsmap(std::move(pieces), compile_charsmap(unknown_characters_to_bytes(model)));
  return join_unknown(model.vocabulary[*model.unk_id], std::move(pieces));
}

/// The operation's trie takes neither an empty string nor NUL.
Pieces without_nul(const Vocabulary& vocabulary, Pieces pieces, Rows& rows) {
  static constexpr std::string_view kNul("\0", 1);
  const std::string mark = unused_noncharacter(vocabulary), nul = byte_placeholder(0);
  bool holds_nul = false;
  for (std::size_t i = 0; i < rows.texts.size(); ++i) {
    std::string& text = rows.texts[i];
    text = text.empty() ? fmt::format("{}{}", mark, i) : replace_all(std::move(text), kNul, nul);
    holds_nul |= text.find(nul) != text.npos;
  }
  return holds_nul ? regex_replace(std::move(pieces), R"(\x00)", nul) : pieces;
}

}  // namespace

Ids tokenize_unigram(const TokenizerDescription& tokenizer, const UnigramModel& model,
                     const Pieces& pieces) {
  if (model.scores.empty()) throw input_error("the Unigram vocabulary is empty");
  if (!model.unk_id) throw input_error("the Unigram model has no unk_id");
  Rows rows = rows_of(tokenizer, model);
  Pieces prepared = pieces;
  if (model.byte_fallback) prepared = fall_back_to_bytes(model, std::move(prepared), rows);
  prepared = without_nul(model.vocabulary, std::move(prepared), rows);
  StringTable table;
  for (const std::string& text : rows.texts) table.push(text);
  const Ids ids =
      unigram_tokenizer(prepared, table.constants(), constant(rows.scores), *model.unk_id);
  return map_ids(ids, rows.ids);
}

}  // namespace ovbake
