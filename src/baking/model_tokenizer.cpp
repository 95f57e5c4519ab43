#include "baking/model_tokenizer.hpp"

#include <algorithm>
#include <iterator>

#include "base/error.hpp"
#include "tokenizer/doubts.hpp"
#include "tokenizer/tokenizer.hpp"

namespace ovbake {

std::vector<std::string> write_model_tokenizer(const SmallFiles& checkpoint, const Decoder& decoder,
                                               const std::filesystem::path& out) {
  try {
    TokenizerGraphs graphs = write_tokenizer(checkpoint, out);
    std::ranges::move(doubts_of_ids(graphs.ids, decoder.vocab_size),
                      std::back_inserter(graphs.warnings));
    return std::move(graphs.warnings);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) throw;
    throw input_error("{} To bake without a tokenizer, give --disable_convert_tokenizer.",
                      error.what());
  }
}

std::vector<std::string> plan_model_tokenizer(const SmallFiles& checkpoint,
                                              const Decoder& decoder) {
  try {
    return check_tokenizer(checkpoint, decoder.vocab_size);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) throw;
    return {fmt::format("A bake would refuse the tokenizer: {}", error.what())};
  }
}

}  // namespace ovbake
