// tokenizer.model: SentencePiece's ModelProto, read field by field.
#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "base/file.hpp"
#include "tokenizer/base64.hpp"
#include "tokenizer/checkpoint_tokenizer.hpp"
#include "tokenizer/protobuf.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kMaxFileBytes = 256 << 20;

enum PieceType {
  kNormal = 1,
  kUnknown = 2,
  kControl = 3,
  kUserDefined = 4,
  kUnused = 5,
  kByte = 6
};
enum ModelType { kUnigram = 1, kBpe = 2 };

struct Piece {
  std::string text;
  float score = 0;
  std::uint64_t type = kNormal;
};

struct SentencePieceModel {
  std::vector<Piece> pieces;
  std::uint64_t model_type = kUnigram;
  bool byte_fallback = false;
  bool add_dummy_prefix = true, remove_extra_whitespaces = true, escape_whitespaces = true;
  std::string charsmap;
};

Piece piece_of(std::string_view message) {
  Piece piece;
  for (ProtobufReader reader(message); reader.next();) {
    if (reader.field() == 1) piece.text = reader.bytes();
    if (reader.field() == 2) piece.score = reader.float32();
    if (reader.field() == 3) piece.type = reader.integer();
  }
  return piece;
}

SentencePieceModel model_of(std::string_view message) {
  SentencePieceModel model;
  for (ProtobufReader reader(message); reader.next();) {
    if (reader.field() == 1) model.pieces.push_back(piece_of(reader.bytes()));
    if (reader.field() == 2) {
      for (ProtobufReader trainer(reader.bytes()); trainer.next();) {
        if (trainer.field() == 3) model.model_type = trainer.integer();
        if (trainer.field() == 35) model.byte_fallback = trainer.integer() != 0;
      }
    }
    if (reader.field() == 3) {
      for (ProtobufReader normalizer(reader.bytes()); normalizer.next();) {
        if (normalizer.field() == 2) model.charsmap = normalizer.bytes();
        if (normalizer.field() == 3) model.add_dummy_prefix = normalizer.integer() != 0;
        if (normalizer.field() == 4) model.remove_extra_whitespaces = normalizer.integer() != 0;
        if (normalizer.field() == 5) model.escape_whitespaces = normalizer.integer() != 0;
      }
    }
  }
  if (model.pieces.empty()) throw input_error("it holds no pieces");
  return model;
}

Vocabulary vocabulary_of(const SentencePieceModel& model) {
  Vocabulary vocabulary;
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    vocabulary.add(model.pieces[id].text, static_cast<std::int64_t>(id));
  }
  return vocabulary;
}

/// Any two pieces side by side merge where together they are a piece, the best of those first.
std::vector<Merge> merges_of(const SentencePieceModel& model, const Vocabulary& vocabulary) {
  std::vector<Merge> merges;
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    const Piece& piece = model.pieces[id];
    if (piece.type != kNormal) continue;
    const std::string_view text = piece.text;
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
      const auto left = vocabulary.find(text.substr(0, cut));
      const auto right = left ? vocabulary.find(text.substr(cut)) : std::nullopt;
      if (right) merges.push_back({*left, *right, static_cast<TokenId>(id)});
    }
  }
  std::ranges::stable_sort(merges, [&](const Merge& a, const Merge& b) {
    return model.pieces[static_cast<std::size_t>(a.result)].score >
           model.pieces[static_cast<std::size_t>(b.result)].score;
  });
  return merges;
}

TokenizerModel tokenizer_model_of(const SentencePieceModel& model) {
  Vocabulary vocabulary = vocabulary_of(model);
  const auto unknown = std::ranges::find(model.pieces, std::uint64_t{kUnknown}, &Piece::type);
  if (unknown == model.pieces.end()) throw input_error("it has no unknown piece");
  if (model.model_type == kBpe) {
    BpeModel bpe;
    bpe.merges = merges_of(model, vocabulary);
    bpe.vocabulary = std::move(vocabulary);
    bpe.unk_token = unknown->text;
    bpe.fuse_unk = true;
    bpe.byte_fallback = model.byte_fallback;
    return bpe;
  }
  if (model.model_type != kUnigram) {
    throw input_error("its model type {} has no equivalent; BPE and Unigram do", model.model_type);
  }
  UnigramModel unigram;
  for (const Piece& piece : model.pieces) unigram.scores.push_back(piece.score);
  unigram.vocabulary = std::move(vocabulary);
  unigram.unk_id = static_cast<TokenId>(unknown - model.pieces.begin());
  unigram.byte_fallback = model.byte_fallback;
  unigram.spells_bytes = false;
  return unigram;
}

Json replace_step(const Json& pattern, const std::string& content) {
  return {{"type", "Replace"}, {"pattern", pattern}, {"content", content}};
}

void add_steps(const SentencePieceModel& model, TokenizerDescription& d) {
  if (!model.escape_whitespaces) throw input_error("it leaves white space as it is");
  if (!model.charsmap.empty()) {
    d.normalizers.push_back(
        {{"type", "Precompiled"}, {"precompiled_charsmap", to_base64(model.charsmap)}});
  }
  const auto remove = [&](const char* pattern, const char* content) {
    if (!model.remove_extra_whitespaces) return;
    d.normalizers.push_back(replace_step({{"Regex", pattern}}, content));
  };
  remove("\\A +", "");
  remove(" {2,}", " ");
  if (model.add_dummy_prefix) d.normalizers.push_back({{"type", "Prepend"}, {"prepend", "▁"}});
  d.normalizers.push_back(replace_step({{"String", " "}}, "▁"));
  remove("▁+\\z", "");
  d.decoders = {
      replace_step({{"String", "▁"}}, " "), {{"type", "ByteFallback"}}, {{"type", "Fuse"}}};
  if (model.add_dummy_prefix || model.remove_extra_whitespaces) {
    d.decoders.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
  }
}

}  // namespace

TokenizerDescription read_sentencepiece_model(const SmallFile& file) {
  TokenizerDescription d;
  d.where = file.where();
  d.file = TokenizerFile::sentencepiece;
  const std::string& bytes = file.text(kMaxFileBytes);
  try {
    const SentencePieceModel model = model_of(bytes);
    d.model = tokenizer_model_of(model);
    add_steps(model, d);
    for (std::size_t id = 0; id < model.pieces.size(); ++id) {
      const Piece& piece = model.pieces[id];
      const bool special = piece.type == kControl || piece.type == kUnknown;
      if (!special && piece.type != kUserDefined) continue;
      d.added_tokens.push_back(
          {.id = static_cast<TokenId>(id), .content = piece.text, .special = special});
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) throw;
    throw input_error("{} is no SentencePiece model that can be read: {}.", d.where, error.what());
  }
  return d;
}

}  // namespace ovbake
