#include "tokenizer/checkpoint_tokenizer.hpp"

#include <array>
#include <span>

#include "base/error.hpp"
#include "base/file.hpp"

namespace ovbake {

namespace fs = std::filesystem;

namespace {

/// Whether a tokenizer.model is tiktoken's, as GLM-4's is: SentencePiece's begins with the tag of
/// its first piece, a line break.
bool holds_ranks(const fs::path& file) {
  std::array<char, 1> first{};
  const File opened = File::open(file);
  if (opened.size() == 0) return false;
  opened.read(0, std::as_writable_bytes(std::span(first)));
  return first[0] != '\n';
}

TokenizerDescription read_tokenizer_model(const fs::path& file) {
  TokenizerDescription description =
      holds_ranks(file) ? read_tiktoken(file) : read_sentencepiece_model(file);
  add_configured_tokens(description, file.parent_path());
  return description;
}

}  // namespace

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
  if (file.extension() == ".model") return read_tokenizer_model(file);
  if (!file.empty()) return read_tiktoken(file);
  throw input_error(
      "{} holds no tokenizer.json, tokenizer.model or *.tiktoken file; copy the tokenizer files of "
      "the model there, or go without a tokenizer by --disable_convert_tokenizer.",
      folder.string());
}

}  // namespace ovbake
