// Finds and reads the tokenizer of a checkpoint folder, whichever file it is in.
#pragma once

#include <string>

#include "source/small_files.hpp"
#include "tokenizer/description.hpp"
#include "tokenizer/tokenizer_config.hpp"

namespace ovbake {

/// tokenizer.json, or else tokenizer.model, the one *.tiktoken file, tekken.json, or vocab.json
/// where merges.txt is beside it; empty where there is none.
std::string find_checkpoint_tokenizer(const SmallFiles& checkpoint);

/// Reads what find_checkpoint_tokenizer finds, and configures it. Throws an input error where that
/// is nothing or where it cannot be read.
TokenizerDescription read_checkpoint_tokenizer(const SmallFiles& checkpoint,
                                               const TokenizerConfig& config);

/// A SentencePiece model: BPE or Unigram.
TokenizerDescription read_sentencepiece_model(const SmallFile& file);

/// Lines of base64 and rank, with the split pattern of Qwen 1 or GLM-4, whichever has that many.
TokenizerDescription read_tiktoken(const SmallFile& file);

/// Mistral's JSON of ranks, special tokens, and a pattern.
TokenizerDescription read_tekken(const SmallFile& file);

/// GPT-2's pair of files: vocab.json, and merges.txt beside it. The class tells the steps.
TokenizerDescription read_vocab_and_merges(const SmallFile& vocab_json,
                                           const TokenizerConfig& config);

}  // namespace ovbake
