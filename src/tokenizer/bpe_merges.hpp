// What BPE makes of a piece, computed here: to know which tokens the merges do not reach.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/description.hpp"

namespace ovbake {

/// For each token whether a merge makes it.
std::vector<bool> made_by_merges(const BpeModel& model);

/// Tokens that, as a whole piece, merges would cut into others; `ignore_merges` gives them whole.
std::vector<TokenId> tokens_beyond_merges(const BpeModel& model);

}  // namespace ovbake
