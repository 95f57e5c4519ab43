#include "tokenizer/checkpoint_tokenizer.hpp"

#include "base/error.hpp"

namespace ovbake {

namespace fs = std::filesystem;

fs::path find_checkpoint_tokenizer(const fs::path& folder) {
  std::error_code none;
  for (const char* name : {"tokenizer.json", "tokenizer.model"}) {
    if (fs::exists(folder / name, none)) return folder / name;
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, none)) {
    if (entry.path().extension() == ".tiktoken") return entry.path();
  }
  return {};
}

TokenizerDescription read_checkpoint_tokenizer(const fs::path& folder) {
  const fs::path file = find_checkpoint_tokenizer(folder);
  if (file.extension() == ".json") return read_tokenizer_json(file);
  if (file.extension() == ".model") return read_sentencepiece_model(file);
  if (!file.empty()) return read_tiktoken(file);
  throw input_error(
      "{} holds no tokenizer.json, tokenizer.model or *.tiktoken file; copy the tokenizer files of "
      "the model there, or go without a tokenizer by --disable_convert_tokenizer.",
      folder.string());
}

}  // namespace ovbake
