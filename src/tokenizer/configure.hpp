// A tokenizer as transformers makes it of all its files: what tokenizer_config.json and the files
// beside it change of what the file with the vocabulary says.
#pragma once

#include "source/small_files.hpp"
#include "tokenizer/description.hpp"
#include "tokenizer/tokenizer_config.hpp"

namespace ovbake {

/// Adds tokens, and sets steps and the template around a text. Where transformers 4 and 5 make
/// different tokenizers of the files, the release that wrote them is followed, and a warning of
/// `d` says so. Throws an input error where the files contradict each other.
void configure(TokenizerDescription& d, const TokenizerConfig& config,
               const SmallFiles& checkpoint);

/// The parts of configure(): configured_tokens.cpp, configured_template.cpp, configured_steps.cpp.
void configure_tokens(TokenizerDescription& d, const TokenizerConfig& config);
void configure_template(TokenizerDescription& d, const TokenizerConfig& config);
void configure_steps(TokenizerDescription& d, const TokenizerConfig& config, bool has_model_file);

}  // namespace ovbake
