// Finds and reads the tokenizer of a checkpoint, whichever file it is in.
#pragma once

#include <string>

#include "source/small_files.hpp"
#include "tokenizer/description.hpp"

namespace ovbake {

/// tokenizer.json, or else tokenizer.model, or else the one *.tiktoken file; empty where there is
/// none.
std::string find_checkpoint_tokenizer(const SmallFiles& files);

/// Reads what find_checkpoint_tokenizer finds. Throws an input error where that is nothing or where
/// it cannot be read.
TokenizerDescription read_checkpoint_tokenizer(const SmallFiles& files);

/// A SentencePiece model: BPE or Unigram.
TokenizerDescription read_sentencepiece_model(const RandomAccess& file);

/// Adds what tokenizer_config.json, if there is one, says of a tokenizer.model: tokens, and which
/// of them go around a text.
void add_configured_tokens(TokenizerDescription& d, const SmallFiles& files);

/// Lines of base64 and rank, with the split pattern of Qwen 1 or GLM-4, whichever has that many.
TokenizerDescription read_tiktoken(const RandomAccess& file);

}  // namespace ovbake
