// The stages of a conversion, in the order in which text passes through them. Each is one file.
#pragma once

#include <string>
#include <vector>

#include "tokenizer/description.hpp"
#include "tokenizer/operations.hpp"

namespace ovbake {

/// Text as it came in → normalized text, with added tokens cut out of it (normalizers.cpp).
Pieces normalize(const TokenizerDescription& tokenizer, const Strings& text);

/// Normalizes the tokens that are looked for in normalized text.
void normalize_added_tokens(TokenizerDescription& tokenizer);

/// Text with what Metaspace's prepend_scheme "first" puts in front of all of it, unless an added
/// token begins it (pre_tokenizers.cpp).
Strings mark_first_word(const TokenizerDescription& tokenizer, const Strings& text);

/// "always", "first" or "never" of a Metaspace step, also where it is spelt add_prefix_space.
std::string prepend_scheme(const Json& metaspace);

/// Text → the pieces that the model tokenizes one by one (pre_tokenizers.cpp).
Pieces pre_tokenize(const TokenizerDescription& tokenizer, Pieces pieces);

/// Pieces → ids (models.cpp, bpe.cpp, unigram.cpp, word_piece.cpp, word_level.cpp).
Ids tokenize(const TokenizerDescription& tokenizer, const Pieces& pieces);
Ids tokenize_bpe(const TokenizerDescription& tokenizer, const BpeModel& model,
                 const Pieces& pieces);
Ids tokenize_unigram(const TokenizerDescription& tokenizer, const UnigramModel& model,
                     const Pieces& pieces);
Ids tokenize_word_piece(const TokenizerDescription& tokenizer, const WordPieceModel& model,
                        const Pieces& pieces);
Ids tokenize_word_level(const TokenizerDescription& tokenizer, const WordLevelModel& model,
                        const Pieces& pieces);

/// Ids → ids with the special tokens of the template around them (post_processors.cpp).
struct Template {
  std::vector<TokenId> before, after;
};
Template template_of(const TokenizerDescription& tokenizer);
Ids post_process(const Template& around, const Ids& ids);

/// Ids i32 [rows, length] → text (decoders.cpp).
Strings decode(const TokenizerDescription& tokenizer, const Value& ids);

/// True where the vocabulary is spelled in ByteLevel's characters and the model is given bytes: a
/// step after ByteLevel, as Falcon has them, sees the characters, and so does the model then.
bool is_byte_level(const TokenizerDescription& tokenizer);

/// One line for each step whose operation is known to differ from the reference (known_faults.cpp).
std::vector<std::string> known_faults(const TokenizerDescription& tokenizer);

/// Throws the input error for a step that no composition of operations equals.
[[noreturn]] void refuse_step(const Json& step, std::string_view why);

}  // namespace ovbake
