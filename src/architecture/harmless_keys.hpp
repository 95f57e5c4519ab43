// Keys of config.json that are known not to change what a model computes at inference.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "source/config.hpp"

namespace ovbake {

/// True for a key (a path such as "rope_scaling.type" for a nested one) that may go unread.
/// Everything else that no family read is refused, because ignoring it could be silently wrong.
bool is_harmless_key(std::string_view key);

/// The keys that nobody read and that are not known to be harmless.
std::vector<std::string> unknown_keys(const Config& config);

}  // namespace ovbake
