// BPE for an operation that cuts a piece into the longest strings of its vocabulary that no merge
// makes, and then merges. Hugging Face begins with single characters instead, so only those, and
// what merges make, go into the operation's vocabulary; every other token becomes the empty string.
// Bytes of byte fallback go in as bytes: they match where no character does.
#include <algorithm>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "tokenizer/bpe_merges.hpp"
#include "tokenizer/byte_level.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/enclosing.hpp"
#include "tokenizer/placeholders.hpp"
#include "tokenizer/regex.hpp"
#include "tokenizer/string_table.hpp"

namespace ovbake {
namespace {

constexpr std::int64_t kMinCacheCapacity = 20000;
/// No token, and not the empty string, of which the operation's vocabulary has many.
constexpr const char* kNoUnknownToken = "\n<none>\n";
/// Strings beside the vocabulary, each with its id.
struct Aliases {
  StringTable texts;
  std::vector<TokenId> ids;

  void add(const std::string& text, TokenId id) {
    texts.push(text);
    ids.push_back(id);
  }
};

/// How the operation shall see the tokens of one model.
class MatchedTokens {
 public:
  MatchedTokens(const BpeModel& model, bool byte_level)
      : model_(model), byte_level_(byte_level), made_(made_by_merges(model)) {
    if (!model.continuing_subword_prefix.empty() && byte_level) {
      throw input_error("BPE with continuing_subword_prefix on bytes has no equivalent");
    }
    if (!model.continuing_subword_prefix.empty() && !model.end_of_word_suffix.empty()) {
      throw input_error(
          "BPE with both continuing_subword_prefix and end_of_word_suffix has no equivalent");
    }
    mark_ = unused_noncharacter(model.vocabulary);
    prefix_mark_ = unused_noncharacter(model.vocabulary, mark_);
    if (!model.end_of_word_suffix.empty()) {
      end_mark_ = unused_noncharacter(model.vocabulary, mark_ + prefix_mark_);
    }
    if (model.byte_fallback) bytes_ = byte_token_ids(model.vocabulary);
    if (bytes_ || byte_level || model.unk_token.empty()) return;
    unknown_ = model.vocabulary.find(model.unk_token);
    if (!unknown_) throw input_error("the vocabulary lacks its unk_token \"{}\"", model.unk_token);
  }

  StringTable table() const {
    StringTable table;
    for (TokenId id = 0; id < static_cast<TokenId>(model_.vocabulary.size()); ++id) {
      table.push(matched(id));
    }
    return table;
  }

  /// What else stands for tokens. A text of the vocabulary goes before such a one.
  void add_aliases(Aliases& aliases) const {
    for (unsigned byte = 0; bytes_ && byte < 256; ++byte) {
      aliases.add(std::string(1, static_cast<char>(byte)), (*bytes_)[byte]);
    }
    if (!unknown_) return;
    aliases.add(mark_, *unknown_);
    if (!end_mark_.empty()) aliases.add(mark_ + end_mark_, *unknown_);
  }

  /// What the operation shall put at the end of a piece: a text may spell the suffix itself.
  const std::string& end_mark() const { return end_mark_; }

  /// Text as the tokens expect it: unknown characters marked, prefixes spelt out.
  Pieces prepare(Pieces pieces) const {
    if (unknown_) {
      pieces = regex_replace(std::move(pieces), unknown_pattern(), mark_);
    }
    if (!model_.continuing_subword_prefix.empty()) {
      pieces = regex_replace(std::move(pieces), R"((?<=[\s\S])(?=[\s\S]))", prefix_mark_);
    }
    return pieces;
  }

  /// The bytes that a token stands for in the text.
  std::string text_of_token(TokenId id) const {
    std::string_view token = model_.vocabulary[id];
    const bool ends = ends_word(token);
    if (ends) token.remove_suffix(model_.end_of_word_suffix.size());
    const std::optional<std::string> text = byte_level_ ? spelled_bytes(token) : std::string(token);
    return text ? *text + (ends ? end_mark_ : "") : "";
  }

 private:
  bool is_initial(std::string_view token) const {
    if (token.starts_with(model_.continuing_subword_prefix)) {
      token.remove_prefix(model_.continuing_subword_prefix.size());
    }
    if (ends_word(token)) token.remove_suffix(model_.end_of_word_suffix.size());
    return is_one_character(token);
  }

  bool ends_word(std::string_view token) const {
    const std::string_view suffix = model_.end_of_word_suffix;
    return !suffix.empty() && token.size() > suffix.size() && token.ends_with(suffix);
  }

  std::string matched(TokenId id) const {
    const std::string_view token = model_.vocabulary[id];
    if (!made_[static_cast<std::size_t>(id)] && !is_initial(token)) return "";
    return model_.continuing_subword_prefix.empty() ? text_of_token(id) : spelt_out(token);
  }

  /// "##el" as its characters, each behind the prefix: what merges of such strings add up to.
  std::string spelt_out(std::string_view token) const {
    std::string text;
    if (token.starts_with(model_.continuing_subword_prefix)) {
      token.remove_prefix(model_.continuing_subword_prefix.size());
      text = prefix_mark_;
    }
    while (!token.empty()) {
      const std::size_t bytes = std::min(character_bytes(token[0]), token.size());
      text.append(token.substr(0, bytes));
      token.remove_prefix(bytes);
      if (!token.empty()) text.append(prefix_mark_);
    }
    return text;
  }

  /// What no token begins with: at the beginning, in the middle and at the end of a piece, where
  /// prefix and suffix tell those apart.
  std::string unknown_pattern() const {
    const std::string_view prefix = model_.continuing_subword_prefix;
    const std::string_view suffix = model_.end_of_word_suffix;
    std::string one = not_known("", "");
    if (!prefix.empty()) one = fmt::format("\\A{}|(?<!\\A){}", one, not_known(prefix, ""));
    if (!suffix.empty()) one = fmt::format("{}(?!\\z)|{}\\z", one, not_known("", suffix));
    return model_.fuse_unk ? fmt::format("(?:{})++", one) : one;
  }

  /// Characters that are no token between `prefix` and `suffix`.
  std::string not_known(std::string_view prefix, std::string_view suffix) const {
    std::string members;
    for (TokenId id = 0; id < static_cast<TokenId>(model_.vocabulary.size()); ++id) {
      std::string_view token = model_.vocabulary[id];
      if (!token.starts_with(prefix) || !token.ends_with(suffix)) continue;
      if (token.size() <= prefix.size() + suffix.size()) continue;
      token = token.substr(prefix.size(), token.size() - prefix.size() - suffix.size());
      if (!is_one_character(token)) continue;
      members += fmt::format("\\x{{{:X}}}", static_cast<std::uint32_t>(take_character(token)));
    }
    return members.empty() ? R"([\s\S])" : "[^" + members + "]";
  }

  const BpeModel& model_;
  bool byte_level_;
  std::vector<bool> made_;
  std::string mark_, prefix_mark_, end_mark_;
  std::optional<std::array<TokenId, 256>> bytes_;
  std::optional<TokenId> unknown_;
};

Strings side(const BpeModel& model, const StringTable& table, const Strings& vocabulary,
             TokenId Merge::*token) {
  std::vector<TokenId> ids;
  ids.reserve(model.merges.size());
  for (const Merge& merge : model.merges) ids.push_back(merge.*token);
  return table.at(vocabulary, ids);
}

/// Under ignore_merges, pieces that are one token whatever merges make of them: encloses them, and
/// lists what they are. Added tokens that stand as they are do not reach the model otherwise.
Pieces keep_whole(const TokenizerDescription& tokenizer, const BpeModel& model,
                  const MatchedTokens& tokens, Pieces pieces, Aliases& aliases) {
  std::set<std::string_view> added;
  for (const AddedToken& token : tokenizer.added_tokens) added.insert(token.piece);
  std::vector<std::string> texts;
  for (const TokenId id : tokens_beyond_merges(model)) {
    const std::string text = tokens.text_of_token(id);
    if (text.empty() || !is_valid_utf8(text) || added.contains(text)) continue;
    aliases.add(enclosed(text), id);
    texts.push_back(text);
  }
  if (texts.empty()) return pieces;
  return enclose(std::move(pieces), fmt::format("\\A({})\\z", any_of_pattern(texts)),
                 enclosed("$1"));
}

}  // namespace

Ids tokenize_bpe(const TokenizerDescription& tokenizer, const BpeModel& model,
                 const Pieces& pieces) {
  const MatchedTokens tokens(model, is_byte_level(tokenizer));
  Aliases aliases;
  for (const AddedToken& token : tokenizer.added_tokens) {
    aliases.add(token.piece + tokens.end_mark(), token.id);
  }
  tokens.add_aliases(aliases);
  Pieces prepared = tokens.prepare(pieces);
  if (model.ignore_merges) {
    prepared = keep_whole(tokenizer, model, tokens, std::move(prepared), aliases);
  }
  const StringTable table = tokens.table();
  const Strings vocabulary = table.constants();
  return bpe_tokenizer(prepared, vocabulary, side(model, table, vocabulary, &Merge::left),
                       side(model, table, vocabulary, &Merge::right), aliases.texts.constants(),
                       constant(aliases.ids),
                       {.unk_token = kNoUnknownToken,
                        .end_suffix = tokens.end_mark(),
                        .cache_capacity = std::max<std::int64_t>(
                            kMinCacheCapacity, static_cast<std::int64_t>(table.size()) / 5)});
}

}  // namespace ovbake
