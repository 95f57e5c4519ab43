// Strings that hold certain characters, taken out to be changed and put back: passes that change
// nothing else need not run over all text.
#pragma once

#include <functional>
#include <set>

#include "tokenizer/operations.hpp"

namespace ovbake {

/// Changes those strings that hold one of `characters`, of which none is ASCII, and are not to be
/// skipped.
Pieces change_where_held(Pieces pieces, const std::set<char32_t>& characters,
                         const std::function<Strings(const Strings&)>& change);

}  // namespace ovbake
