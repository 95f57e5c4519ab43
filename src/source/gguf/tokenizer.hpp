// The tokenizer files of a checkpoint, made from GGUF metadata: tokenizer.json for byte-level BPE,
// tokenizer.model for SentencePiece, tokenizer_config.json, chat_template.jinja and
// generation_config.json.
#pragma once

#include <map>
#include <string>

#include "source/gguf/metadata.hpp"

namespace ovbake {

struct GgufTokenizer {
  std::map<std::string, std::string> files;  ///< Texts by name.
  /// Why there is no tokenizer among them, where the metadata have none that is known.
  std::string remark;
};

GgufTokenizer read_gguf_tokenizer(const GgufMetadata& metadata);

// ---- its parts

/// What llama.cpp calls the kinds of tokens (tokenizer.ggml.token_type).
enum class TokenKind { normal = 1, unknown, control, user_defined, unused, byte };

/// tokenizer.ggml.tokens and what is said of each.
struct GgufVocabulary {
  const StringList& tokens;
  std::vector<std::int64_t> kinds;  ///< As many; TokenKind::normal where nothing is said.

  bool is(std::size_t id, TokenKind kind) const {
    return kinds[id] == static_cast<std::int64_t>(kind);
  }
};

/// Throws an input error, which is a remark, where the pre-tokenizer is not known.
std::string byte_level_tokenizer_json(const GgufMetadata& metadata,
                                      const GgufVocabulary& vocabulary);

/// A SentencePiece model with the same pieces, scores and kinds.
std::string sentencepiece_model(const GgufMetadata& metadata, const GgufVocabulary& vocabulary);

}  // namespace ovbake
