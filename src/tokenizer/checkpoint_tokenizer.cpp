#include "tokenizer/checkpoint_tokenizer.hpp"

#include <array>
#include <span>

#include "base/error.hpp"

namespace ovbake {
namespace {

/// Whether a tokenizer.model is tiktoken's, as GLM-4's is: SentencePiece's begins with the tag of
/// its first piece, a line break.
bool holds_ranks(const RandomAccess& file) {
  std::array<char, 1> first{};
  if (file.size() == 0) return false;
  file.read(0, std::as_writable_bytes(std::span(first)));
  return first[0] != '\n';
}

TokenizerDescription read_tokenizer_model(const SmallFiles& files, const RandomAccess& file) {
  TokenizerDescription description =
      holds_ranks(file) ? read_tiktoken(file) : read_sentencepiece_model(file);
  add_configured_tokens(description, files);
  return description;
}

}  // namespace

std::string find_checkpoint_tokenizer(const SmallFiles& files) {
  for (const char* name : {"tokenizer.json", "tokenizer.model"}) {
    if (files.has(name)) return name;
  }
  for (const std::string& name : files.names()) {
    if (name.ends_with(".tiktoken")) return name;
  }
  return {};
}

TokenizerDescription read_checkpoint_tokenizer(const SmallFiles& files) {
  const std::string name = find_checkpoint_tokenizer(files);
  if (name.empty() && !files.remark().empty()) {
    throw input_error(
        "{} has no tokenizer that can be converted: {}; go without a tokenizer by "
        "--disable_convert_tokenizer.",
        files.where(), files.remark());
  }
  if (name.empty()) {
    throw input_error(
        "{} holds no tokenizer.json, tokenizer.model or *.tiktoken file; copy the tokenizer files "
        "of the model there, or go without a tokenizer by --disable_convert_tokenizer.",
        files.where());
  }
  const auto file = files.open(name);
  if (name.ends_with(".json")) return read_tokenizer_json(*file);
  if (name.ends_with(".model")) return read_tokenizer_model(files, *file);
  return read_tiktoken(*file);
}

}  // namespace ovbake
