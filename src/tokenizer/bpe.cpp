// BPE for an operation that cuts a piece into the longest strings of its vocabulary that no merge
// makes, and then merges. Hugging Face begins with single characters instead, so only those, and
// what merges make, go into the operation's vocabulary; every other token becomes the empty string.
#include <algorithm>

#include "base/error.hpp"
#include "tokenizer/byte_level.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/string_table.hpp"
#include "tokenizer/utf8.hpp"

namespace ovbake {
namespace {

constexpr std::int64_t kMinCacheCapacity = 20000;

/// No token, and not the empty string, of which the operation's vocabulary has many.
constexpr const char* kNoUnknownToken = "\n<none>\n";

std::vector<bool> merge_results(const BpeModel& model) {
  std::vector<bool> result(model.vocabulary.size(), false);
  for (const Merge& merge : model.merges) result[static_cast<std::size_t>(merge.result)] = true;
  return result;
}

/// The vocabulary as the operation shall see it.
StringTable matched_strings(const BpeModel& model, bool byte_level) {
  const std::vector<bool> made = merge_results(model);
  StringTable table;
  for (TokenId id = 0; id < static_cast<TokenId>(model.vocabulary.size()); ++id) {
    const std::string_view token = model.vocabulary[id];
    const bool reached = made[static_cast<std::size_t>(id)] || is_one_character(token);
    if (!reached) {
      table.push("");
    } else if (byte_level) {
      table.push(spelled_bytes(token).value_or(""));
    } else {
      table.push(token);
    }
  }
  return table;
}

Strings side(const BpeModel& model, const StringTable& table, const Strings& vocabulary,
             TokenId Merge::*token) {
  std::vector<TokenId> ids;
  ids.reserve(model.merges.size());
  for (const Merge& merge : model.merges) ids.push_back(merge.*token);
  return table.at(vocabulary, ids);
}

}  // namespace

Ids tokenize_bpe(const TokenizerDescription& tokenizer, const BpeModel& model,
                 const Pieces& pieces) {
  const StringTable table = matched_strings(model, is_byte_level(tokenizer));
  const Strings vocabulary = table.constants();
  StringTable aliases;
  std::vector<TokenId> alias_ids;
  for (const AddedToken& token : tokenizer.added_tokens) {
    aliases.push(token.content);
    alias_ids.push_back(token.id);
  }
  return bpe_tokenizer(
      pieces, vocabulary, side(model, table, vocabulary, &Merge::left),
      side(model, table, vocabulary, &Merge::right), aliases.constants(), constant(alias_ids),
      {.unk_token = kNoUnknownToken,
       .end_suffix = model.end_of_word_suffix,
       .cache_capacity =
           std::max<std::int64_t>(kMinCacheCapacity, static_cast<std::int64_t>(table.size()) / 5)});
}

}  // namespace ovbake
