// What transformers' tokenizer classes know beside the files of a checkpoint.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace ovbake {

struct TokenizerClass {
  std::string_view name;  ///< Without "Fast".
  /// Whether it builds the template of tokenizer.json anew from add_bos_token and add_eos_token.
  bool builds_template = false;
  bool adds_bos = false;  ///< Where add_bos_token is not given.
  /// Whether its add_prefix_space reaches a ByteLevel within a Sequence, and is never false for one
  /// that says true.
  bool only_sets_prefix_space = false;
  /// Special tokens where the files do not name them.
  std::vector<std::pair<std::string_view, std::string_view>> tokens{};
  std::vector<std::string_view> more_tokens{};
};

/// The class of this name (without "Fast"); an empty one for others.
const TokenizerClass& tokenizer_class(std::string_view name);

/// The class, without "Fast", that AutoTokenizer takes for a model_type where the files name none;
/// empty for a model_type whose class adds nothing.
std::string_view default_tokenizer_class(std::string_view model_type);

}  // namespace ovbake
