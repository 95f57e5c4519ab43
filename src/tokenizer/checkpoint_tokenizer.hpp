// Finds and reads the tokenizer of a checkpoint folder, whichever file it is in.
#pragma once

#include <filesystem>

#include "tokenizer/description.hpp"

namespace ovbake {

/// tokenizer.json, or else tokenizer.model, or else the one *.tiktoken file; empty where there is
/// none.
std::filesystem::path find_checkpoint_tokenizer(const std::filesystem::path& folder);

/// Reads what find_checkpoint_tokenizer finds. Throws an input error where that is nothing or where
/// it cannot be read.
TokenizerDescription read_checkpoint_tokenizer(const std::filesystem::path& folder);

/// A SentencePiece model: BPE or Unigram.
TokenizerDescription read_sentencepiece_model(const std::filesystem::path& file);

/// Adds what tokenizer_config.json, if `folder` has one, says of a tokenizer.model: tokens, and
/// which of them go around a text.
void add_configured_tokens(TokenizerDescription& d, const std::filesystem::path& folder);

/// Lines of base64 and rank, with the split pattern of Qwen 1 or GLM-4, whichever has that many.
TokenizerDescription read_tiktoken(const std::filesystem::path& file);

}  // namespace ovbake
