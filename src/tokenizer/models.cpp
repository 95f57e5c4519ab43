#include "base/error.hpp"
#include "tokenizer/conversion.hpp"

namespace ovbake {

Ids tokenize(const TokenizerDescription& tokenizer, const Pieces& pieces) {
  if (const auto* bpe = std::get_if<BpeModel>(&tokenizer.model)) {
    return tokenize_bpe(tokenizer, *bpe, pieces);
  }
  throw input_error("only BPE models are converted yet");
}

}  // namespace ovbake
