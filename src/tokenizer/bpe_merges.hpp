// What BPE makes of a piece, computed here: to know which tokens the merges do not reach.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/description.hpp"

namespace ovbake {

/// The merge of two tokens of the vocabulary, or of a line "left right" that names them.
Merge merge_of(const BpeModel& model, std::string_view left, std::string_view right);
Merge merge_of(const BpeModel& model, std::string_view line);

/// Makes `d` the tokenizer of tiktoken for byte strings that rank by their ids: `pattern` splits,
/// and any two tokens merge that together are one, the lowest rank first.
void set_ranked_steps(TokenizerDescription& d, Vocabulary vocabulary, std::string_view pattern);

/// For each token whether a merge makes it.
std::vector<bool> made_by_merges(const BpeModel& model);

/// Tokens that, as a whole piece, merges would cut into others; `ignore_merges` gives them whole.
std::vector<TokenId> tokens_beyond_merges(const BpeModel& model);

}  // namespace ovbake
