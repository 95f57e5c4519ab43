#include "tokenizer/checkpoint_tokenizer.hpp"

#include <array>
#include <span>

#include "base/error.hpp"
#include "base/file.hpp"
#include "tokenizer/configure.hpp"

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

TokenizerDescription read_file(const fs::path& file, const TokenizerConfig& config) {
  const std::string name = file.filename().string();
  if (name == "tokenizer.json") return read_tokenizer_json(file);
  if (name == "tekken.json") return read_tekken(file);
  if (name == "vocab.json") return read_vocab_and_merges(file, config);
  return name == "tokenizer.model" && !holds_ranks(file) ? read_sentencepiece_model(file)
                                                         : read_tiktoken(file);
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
  if (fs::exists(folder / "tekken.json", none)) return folder / "tekken.json";
  const bool is_pair =
      fs::exists(folder / "vocab.json", none) && fs::exists(folder / "merges.txt", none);
  return is_pair ? folder / "vocab.json" : fs::path();
}

TokenizerDescription read_checkpoint_tokenizer(const fs::path& folder,
                                               const TokenizerConfig& config) {
  const fs::path file = find_checkpoint_tokenizer(folder);
  if (file.empty()) {
    throw input_error(
        "{} holds no tokenizer.json, tokenizer.model, *.tiktoken, tekken.json, or vocab.json with "
        "merges.txt; copy the tokenizer files of the model there.",
        folder.string());
  }
  TokenizerDescription d = read_file(file, config);
  configure(d, config, folder);
  return d;
}

}  // namespace ovbake
