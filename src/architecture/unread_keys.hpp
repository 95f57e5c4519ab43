// What becomes of the keys of config.json that a family's description did not read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "source/config.hpp"

namespace ovbake {

/// Why unread keys may not be passed over, each as "key is value, …": published code of the
/// model_type reads the key, or it may, and the value is not neutral. All other unread keys are
/// ignored.
std::vector<std::string> objections(const Config& config, std::string_view model_type);

/// The unread keys that are worth a word: not those of the tokenizer, of training and the like.
std::vector<std::string> ignored_keys(const Config& config);

}  // namespace ovbake
