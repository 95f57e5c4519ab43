#include "tokenizer/checkpoint_tokenizer.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "tokenizer/configure.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kMaxFileBytes = 512 << 20;

/// Whether a tokenizer.model is tiktoken's, as GLM-4's is: SentencePiece's begins with the tag of
/// its first piece, a line break.
bool holds_ranks(const SmallFile& file) {
  const std::string& text = file.text(kMaxFileBytes);
  return !text.empty() && text.front() != '\n';
}

TokenizerDescription read_file(const SmallFile& file, const TokenizerConfig& config) {
  if (file.name == "tokenizer.json") return read_tokenizer_json(file);
  if (file.name == "tekken.json") return read_tekken(file);
  if (file.name == "vocab.json") return read_vocab_and_merges(file, config);
  return file.name == "tokenizer.model" && !holds_ranks(file) ? read_sentencepiece_model(file)
                                                              : read_tiktoken(file);
}

}  // namespace

std::string find_checkpoint_tokenizer(const SmallFiles& checkpoint) {
  for (const char* name : {"tokenizer.json", "tokenizer.model"}) {
    if (checkpoint.has(name)) return name;
  }
  const std::vector<std::string> names = checkpoint.names();
  const auto ranks =
      std::ranges::find_if(names, [](const auto& name) { return name.ends_with(".tiktoken"); });
  if (ranks != names.end()) return *ranks;
  if (checkpoint.has("tekken.json")) return "tekken.json";
  return checkpoint.has("vocab.json") && checkpoint.has("merges.txt") ? "vocab.json" : "";
}

TokenizerDescription read_checkpoint_tokenizer(const SmallFiles& checkpoint,
                                               const TokenizerConfig& config) {
  const std::string name = find_checkpoint_tokenizer(checkpoint);
  if (name.empty()) {
    throw input_error(
        "{} holds no tokenizer.json, tokenizer.model, *.tiktoken, tekken.json, or vocab.json with "
        "merges.txt; copy the tokenizer files of the model there.",
        checkpoint.folder().string());
  }
  TokenizerDescription d = read_file({checkpoint, name}, config);
  configure(d, config, checkpoint);
  return d;
}

}  // namespace ovbake
