// What a checkpoint's tokenizer IS, in the words of tokenizer.json, whichever file it came from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "source/small_files.hpp"
#include "tokenizer/vocabulary.hpp"

namespace ovbake {

struct AddedToken {
  TokenId id = 0;
  std::string content;
  std::string looked_for;  ///< In the text: the content, normalized where `normalized` says so.
  std::string piece;       ///< What the model is given for it.
  bool single_word = false, lstrip = false, rstrip = false, normalized = false, special = false;
  bool cut_out = true;  ///< Else it is known by its id, and in a text it is as any other text.
};

/// Tokens `left` and `right`, side by side, become `result`. Earlier merges go first.
struct Merge {
  TokenId left, right, result;
};

struct BpeModel {
  Vocabulary vocabulary;
  std::vector<Merge> merges;
  std::string unk_token, continuing_subword_prefix, end_of_word_suffix;  ///< Empty: none.
  bool fuse_unk = false, byte_fallback = false, ignore_merges = false;
};

struct UnigramModel {
  Vocabulary vocabulary;
  std::vector<double> scores;  ///< Log probability by id.
  std::optional<TokenId> unk_id;
  bool byte_fallback = false;
  bool spells_bytes = true;  ///< "<0x0A>" in a text is the token of that byte.
};

struct WordPieceModel {
  Vocabulary vocabulary;
  std::string unk_token, continuing_subword_prefix;
  std::int64_t max_input_chars_per_word = 100;
};

struct WordLevelModel {
  Vocabulary vocabulary;
  std::string unk_token;
};

using TokenizerModel = std::variant<BpeModel, UnigramModel, WordPieceModel, WordLevelModel>;

/// The kinds of files that hold a vocabulary.
enum class TokenizerFile { json, sentencepiece, ranks, vocab_and_merges };

struct TokenizerDescription {
  std::string where;  ///< The file that it was read from, for errors.
  TokenizerFile file = TokenizerFile::json;
  TokenizerModel model;
  std::vector<AddedToken> added_tokens;
  /// Steps in order, each an object of tokenizer.json with its "type"; Sequences are taken apart.
  std::vector<Json> normalizers, pre_tokenizers, post_processors, decoders;
  bool lone_pre_tokenizer = true;  ///< Not within a Sequence.
  bool cleans_up_spaces = false;   ///< Decoded text loses spaces before punctuation.
  /// One line for each way in which the files, or releases of transformers, disagree.
  std::vector<std::string> warnings;

  const Vocabulary& vocabulary() const {
    return std::visit([](const auto& m) -> const Vocabulary& { return m.vocabulary; }, model);
  }
};

/// Reads tokenizer.json. Throws an input error where it is malformed or inconsistent.
TokenizerDescription read_tokenizer_json(const SmallFile& file);

/// True for one of tokenizer.json's steps of this type.
bool is_step(const Json& step, std::string_view type);

/// Fields of a step; an input error names the step where one is missing or of another kind.
bool flag_of(const Json& step, std::string_view key, bool fallback);
std::string text_of(const Json& step, std::string_view key);
std::int64_t integer_of(const Json& step, std::string_view key, std::int64_t fallback);

}  // namespace ovbake
