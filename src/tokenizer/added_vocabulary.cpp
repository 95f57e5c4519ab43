#include "tokenizer/added_vocabulary.hpp"

#include <algorithm>

namespace ovbake {

AddedVocabulary::AddedVocabulary(const Vocabulary& vocabulary)
    : vocabulary_(vocabulary), next_(static_cast<std::int64_t>(vocabulary.count())) {}

void AddedVocabulary::add(const AddedToken& token) {
  AddedToken added = token;
  added.id = find(token.content)
                 .value_or(vocabulary_.find(token.content).value_or(static_cast<TokenId>(next_)));
  put(std::move(added));
}

void AddedVocabulary::add_at_id(const AddedToken& token) {
  for (Entry& entry : entries_) {
    if (entry.token.id != token.id || entry.token.content == token.content) continue;
    by_content_.erase(entry.token.content);
    entry.token.content.clear();
  }
  put(token);
}

void AddedVocabulary::put(AddedToken token) {
  if (token.content.empty()) return;
  next_ = std::max<std::int64_t>(next_, std::int64_t{token.id} + 1);
  const auto [known, is_new] = by_content_.try_emplace(token.content, entries_.size());
  if (is_new) entries_.emplace_back();
  Entry& entry = entries_[known->second];
  const bool was_special = !is_new && entry.token.special;
  if (!was_special) {
    (token.normalized ? entry.in_normalized_text : entry.in_given_text) = true;
  }
  token.special |= was_special;
  entry.token = std::move(token);
}

std::optional<TokenId> AddedVocabulary::find(std::string_view content) const {
  const auto found = by_content_.find(content);
  return found == by_content_.end() ? std::nullopt
                                    : std::optional(entries_[found->second].token.id);
}

std::vector<AddedToken> AddedVocabulary::tokens() const {
  std::vector<AddedToken> tokens;
  for (const Entry& entry : entries_) {
    if (entry.token.content.empty()) continue;
    for (const bool normalized : {false, true}) {
      if (!(normalized ? entry.in_normalized_text : entry.in_given_text)) continue;
      tokens.push_back(entry.token);
      tokens.back().normalized = normalized;
    }
  }
  return tokens;
}

}  // namespace ovbake
