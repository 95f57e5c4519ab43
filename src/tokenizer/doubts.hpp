// What does not make a tokenizer wrong, but its model with it.
#pragma once

#include <string>
#include <vector>

#include "tokenizer/description.hpp"

namespace ovbake {

/// One more than the highest id that a text can become.
std::int64_t id_count(const TokenizerDescription& tokenizer);

/// A line for what `chat_template` writes as a special token and the tokenizer cuts into pieces.
std::vector<std::string> doubts_of_template(const TokenizerDescription& tokenizer,
                                            const std::string& chat_template);

/// A line where ids have no row in an embedding.
std::vector<std::string> doubts_of_ids(std::int64_t ids, std::int64_t embedding_rows);

}  // namespace ovbake
