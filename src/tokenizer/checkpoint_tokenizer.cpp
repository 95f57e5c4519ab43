#include "tokenizer/checkpoint_tokenizer.hpp"

#include "base/error.hpp"

namespace ovbake {

namespace fs = std::filesystem;

TokenizerDescription read_checkpoint_tokenizer(const fs::path& folder) {
  std::error_code none;
  if (fs::exists(folder / "tokenizer.json", none)) {
    return read_tokenizer_json(folder / "tokenizer.json");
  }
  if (fs::exists(folder / "tokenizer.model", none)) {
    return read_sentencepiece_model(folder / "tokenizer.model");
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, none)) {
    if (entry.path().extension() == ".tiktoken") return read_tiktoken(entry.path());
  }
  throw input_error(
      "{} holds no tokenizer.json, tokenizer.model or *.tiktoken file; copy the tokenizer files of "
      "the model there, or go without a tokenizer by --disable_convert_tokenizer.",
      folder.string());
}

}  // namespace ovbake
