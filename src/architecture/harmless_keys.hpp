// Keys of config.json that are known not to change what a model computes at inference.
#pragma once

#include <string_view>

namespace ovbake {

/// True for a key (a path such as "rope_scaling.type" for a nested one) that may go unread.
/// Everything else that no family read is refused, because ignoring it could be silently wrong.
bool is_harmless_key(std::string_view key);

}  // namespace ovbake
