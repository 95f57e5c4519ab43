// SentencePiece ("llama") as the ModelProto that it was converted from: GGUF keeps its pieces,
// their scores and kinds, which are the fields of the message. Format:
// https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto
#include <bit>
#include <vector>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "source/gguf/tokenizer.hpp"

namespace ovbake {
namespace {

enum WireType { kVarint = 0, kBytes = 2, kFixed32 = 5 };

constexpr std::uint64_t kBpe = 2;

/// Writes a message of protobuf.
class Message {
 public:
  void integer(std::uint64_t field, std::uint64_t value) {
    tag(field, kVarint);
    varint(value);
  }
  void float32(std::uint64_t field, float value) {
    tag(field, kFixed32);
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) bytes_ += static_cast<char>(bits >> shift & 0xff);
  }
  void bytes(std::uint64_t field, std::string_view value) {
    tag(field, kBytes);
    varint(value.size());
    bytes_ += value;
  }
  const std::string& str() const noexcept { return bytes_; }

 private:
  void tag(std::uint64_t field, WireType type) { varint(field << 3 | type); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

/// Converters write the spaces of what users defined as spaces.
std::string piece_text(const GgufVocabulary& vocabulary, std::size_t id) {
  std::string text(vocabulary.tokens[id]);
  if (!is_valid_utf8(text)) throw input_error("its piece {} is no UTF-8", quote(text));
  const bool defined = vocabulary.is(id, TokenKind::user_defined);
  return defined ? replace_all(std::move(text), " ", "▁") : text;
}

}  // namespace

std::string sentencepiece_model(const GgufMetadata& metadata, const GgufVocabulary& vocabulary) {
  const std::vector<double> scores = metadata.numbers("tokenizer.ggml.scores");
  if (scores.size() != vocabulary.tokens.size()) {
    throw input_error("it has {} scores for {} tokens", scores.size(), vocabulary.tokens.size());
  }
  const std::int64_t unknown = metadata.integer("tokenizer.ggml.unknown_token_id", 0);
  Message model;
  bool byte_fallback = false;
  for (std::size_t id = 0; id < scores.size(); ++id) {
    byte_fallback = byte_fallback || vocabulary.is(id, TokenKind::byte);
    Message piece;
    piece.bytes(1, piece_text(vocabulary, id));
    piece.float32(2, static_cast<float>(scores[id]));
    const bool is_unknown = std::cmp_equal(id, unknown);
    piece.integer(3, static_cast<std::uint64_t>(is_unknown ? 2 : vocabulary.kinds[id]));
    model.bytes(1, piece.str());
  }
  Message trainer;
  trainer.integer(3, kBpe);
  trainer.integer(35, byte_fallback ? 1 : 0);
  model.bytes(2, trainer.str());
  Message normalizer;
  normalizer.integer(3, metadata.flag("tokenizer.ggml.add_space_prefix", true) ? 1 : 0);
  normalizer.integer(4, metadata.flag("tokenizer.ggml.remove_extra_whitespaces", false) ? 1 : 0);
  normalizer.integer(5, 1);
  model.bytes(3, normalizer.str());
  return model.str();
}

}  // namespace ovbake
