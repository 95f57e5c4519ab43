#include "tokenizer/doubts.hpp"

#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "base/template_tokens.hpp"
#include "base/text.hpp"

namespace ovbake {

std::int64_t id_count(const TokenizerDescription& tokenizer) {
  auto count = static_cast<std::int64_t>(tokenizer.vocabulary().size());
  for (const AddedToken& token : tokenizer.added_tokens) {
    count = std::max<std::int64_t>(count, std::int64_t{token.id} + 1);
  }
  return count;
}

std::vector<std::string> doubts_of_template(const TokenizerDescription& tokenizer,
                                            const std::string& chat_template) {
  std::vector<std::string> unknown;
  for (const std::string& text : tokens_written_by(chat_template)) {
    if (std::ranges::find(tokenizer.added_tokens, text, &AddedToken::content) ==
        tokenizer.added_tokens.end()) {
      unknown.push_back(quote(text));
    }
  }
  if (unknown.empty()) return {};
  return {fmt::format(
      "The chat template writes {}, which the tokenizer does not know as one token but cuts into "
      "pieces; see whether the template is of another model, or its tokens were not added.",
      join_some(unknown))};
}

std::vector<std::string> doubts_of_ids(std::int64_t ids, std::int64_t embedding_rows) {
  if (ids <= embedding_rows) return {};
  return {fmt::format(
      "The tokenizer has {} ids and the embedding {} rows: an id of {} or more gives nonsense; take "
      "the tokenizer that the model was trained with, or resize the model's embedding.",
      ids, embedding_rows, embedding_rows)};
}

}  // namespace ovbake
