#include "source/gguf/tokenizer.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"

namespace ovbake {
namespace {

constexpr const char* kKinds = "tokenizer.ggml.token_type";

/// Texts of control tokens that end a turn or a text in chats, as llama.cpp knows them.
constexpr auto kEnds = std::to_array<std::string_view>(
    {"<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|eom_id|>",
     "<|end_of_text|>", "<EOT>", "_<EOT>", "<|END_OF_TURN_TOKEN|>"});

GgufVocabulary vocabulary_of(const GgufMetadata& metadata) {
  GgufVocabulary vocabulary{.tokens = metadata.texts("tokenizer.ggml.tokens"), .kinds = {}};
  const std::size_t count = vocabulary.tokens.size();
  vocabulary.kinds.assign(count, static_cast<std::int64_t>(TokenKind::normal));
  if (metadata.has(kKinds)) vocabulary.kinds = metadata.integers(kKinds);
  const bool known = std::ranges::all_of(vocabulary.kinds,
                                         [](std::int64_t kind) { return kind >= 1 && kind <= 6; });
  if (vocabulary.kinds.size() != count || !known) {
    throw input_error("{} does not name a kind for each of {} tokens", kKinds, count);
  }
  return vocabulary;
}

std::optional<std::size_t> id_of(const GgufMetadata& metadata, const GgufVocabulary& vocabulary,
                                 std::string_view role) {
  const auto id = metadata.optional_integer(fmt::format("tokenizer.ggml.{}_token_id", role));
  if (!id || *id < 0 || std::cmp_greater_equal(*id, vocabulary.tokens.size())) return std::nullopt;
  return static_cast<std::size_t>(*id);
}

Json added_token(const GgufVocabulary& vocabulary, std::size_t id, bool eats_space) {
  const bool special = !vocabulary.is(id, TokenKind::user_defined);
  return {{"content", vocabulary.tokens[id]}, {"lstrip", false},      {"normalized", false},
          {"rstrip", special && eats_space},  {"single_word", false}, {"special", special}};
}

/// Whether control tokens take the white space behind them, as Phi-3's own files say.
bool eats_space(const GgufMetadata& metadata, std::string_view token) {
  return metadata.text("general.architecture", "") == "phi3" &&
         metadata.text("tokenizer.ggml.model", "") == "llama" && token != "<unk>" &&
         token != "<s>" && token != "<|endoftext|>";
}

std::string tokenizer_config(const GgufMetadata& metadata, const GgufVocabulary& vocabulary) {
  const bool pieces = metadata.text("tokenizer.ggml.model") == "llama";
  const bool is_gemma = metadata.text("general.architecture", "").starts_with("gemma");
  Json config{{"tokenizer_class", !pieces    ? "PreTrainedTokenizerFast"
                                  : is_gemma ? "GemmaTokenizer"
                                             : "LlamaTokenizer"},
              {"add_bos_token", metadata.flag("tokenizer.ggml.add_bos_token", pieces)},
              {"add_eos_token", metadata.flag("tokenizer.ggml.add_eos_token", false)},
              {"clean_up_tokenization_spaces", false}};
  for (const auto& [name, role] : {std::pair("bos_token", "bos"),
                                   {"eos_token", "eos"},
                                   {"unk_token", "unknown"},
                                   {"pad_token", "padding"}}) {
    if (const auto id = id_of(metadata, vocabulary, role)) config[name] = vocabulary.tokens[*id];
  }
  Json& added = config["added_tokens_decoder"] = Json::object();
  for (std::size_t id = 0; id < vocabulary.tokens.size(); ++id) {
    const bool listed = vocabulary.is(id, TokenKind::control) ||
                        vocabulary.is(id, TokenKind::unknown) ||
                        vocabulary.is(id, TokenKind::user_defined);
    if (!listed) continue;
    added[fmt::format("{}", id)] =
        added_token(vocabulary, id, eats_space(metadata, vocabulary.tokens[id]));
  }
  return config.dump(2) + "\n";
}

/// Every token that ends a text: the file's own, and the control tokens that do so in chats.
std::string generation_config(const GgufMetadata& metadata, const GgufVocabulary& vocabulary) {
  std::vector<std::size_t> ends;
  const auto add = [&](std::size_t id) {
    if (std::ranges::find(ends, id) == ends.end()) ends.push_back(id);
  };
  for (const char* role : {"eos", "eot", "eom"}) {
    if (const auto id = id_of(metadata, vocabulary, role)) add(*id);
  }
  for (std::size_t id = 0; id < vocabulary.tokens.size(); ++id) {
    const bool ends_chat = std::ranges::find(kEnds, vocabulary.tokens[id]) != kEnds.end();
    if (ends_chat && !vocabulary.is(id, TokenKind::normal)) add(id);
  }
  Json config = Json::object();
  if (const auto id = id_of(metadata, vocabulary, "bos")) config["bos_token_id"] = *id;
  if (!ends.empty()) config["eos_token_id"] = ends.size() == 1 ? Json(ends[0]) : Json(ends);
  if (const auto id = id_of(metadata, vocabulary, "padding")) config["pad_token_id"] = *id;
  return config.dump(2) + "\n";
}

void add_files(const GgufMetadata& metadata, std::map<std::string, std::string>& files) {
  const std::string model = metadata.text("tokenizer.ggml.model");
  const GgufVocabulary vocabulary = vocabulary_of(metadata);
  for (std::size_t id = 0; id < vocabulary.tokens.size(); ++id) {
    if (!is_valid_utf8(vocabulary.tokens[id])) {
      throw input_error("its token {} is no UTF-8", quote(vocabulary.tokens[id]));
    }
  }
  files["generation_config.json"] = generation_config(metadata, vocabulary);
  if (model == "gpt2") {
    files["tokenizer.json"] = byte_level_tokenizer_json(metadata, vocabulary);
  } else if (model == "llama") {
    files["tokenizer.model"] = sentencepiece_model(metadata, vocabulary);
  } else {
    throw input_error("its tokenizer {} is not one that is known, as gpt2 and llama are",
                      quote(model));
  }
  files["tokenizer_config.json"] = tokenizer_config(metadata, vocabulary);
}

}  // namespace

GgufTokenizer read_gguf_tokenizer(const GgufMetadata& metadata) {
  GgufTokenizer result;
  try {
    add_files(metadata, result.files);
  } catch (const Error& error) {
    result.remark = error.what();
  }
  const std::string chat_template = metadata.text("tokenizer.chat_template", "");
  if (!chat_template.empty()) result.files["chat_template.jinja"] = chat_template;
  return result;
}

}  // namespace ovbake
