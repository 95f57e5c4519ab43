// The "pattern" of a Replace or Split step: {"String": …} or {"Regex": …}.
#pragma once

#include <string>

#include "base/json_fwd.hpp"

namespace ovbake {

/// As PCRE2 pattern. Throws an input error naming the step where it has none that can be run.
std::string pattern_of(const Json& step);

}  // namespace ovbake
