// Added tokens as the `tokenizers` library keeps them while several files add to them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/description.hpp"

namespace ovbake {

class AddedVocabulary {
 public:
  /// `vocabulary` must outlive this object.
  explicit AddedVocabulary(const Vocabulary& vocabulary);

  /// Gives the token the model's own id, else the next one behind the model's and the added tokens.
  /// A token that is added again takes its new flags, but one that is special stays so. The `id` of
  /// `token` is passed over, and so is a token without content.
  void add(const AddedToken& token);
  /// Adds the token under its own id, which no other added token keeps.
  void add_at_id(const AddedToken& token);

  std::optional<TokenId> find(std::string_view content) const;
  /// In the order in which they came; twice what is looked for in given and in normalized text.
  std::vector<AddedToken> tokens() const;

 private:
  struct Entry {
    AddedToken token;
    bool in_given_text = false, in_normalized_text = false;
  };
  void put(AddedToken token);

  const Vocabulary& vocabulary_;
  std::vector<Entry> entries_;
  std::map<std::string, std::size_t, std::less<>> by_content_;
  std::int64_t next_;
};

}  // namespace ovbake
