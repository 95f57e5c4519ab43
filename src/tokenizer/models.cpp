#include "tokenizer/conversion.hpp"

namespace ovbake {

Ids tokenize(const TokenizerDescription& tokenizer, const Pieces& pieces) {
  struct Visitor {
    const TokenizerDescription& tokenizer;
    const Pieces& pieces;
    Ids operator()(const BpeModel& model) const { return tokenize_bpe(tokenizer, model, pieces); }
    Ids operator()(const UnigramModel& model) const {
      return tokenize_unigram(tokenizer, model, pieces);
    }
    Ids operator()(const WordPieceModel& model) const {
      return tokenize_word_piece(tokenizer, model, pieces);
    }
    Ids operator()(const WordLevelModel& model) const {
      return tokenize_word_level(tokenizer, model, pieces);
    }
  };
  return std::visit(Visitor{tokenizer, pieces}, tokenizer.model);
}

}  // namespace ovbake
