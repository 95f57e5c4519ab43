// Byte-level BPE ("gpt2") as a tokenizer.json. A GGUF file names the rule by which text is split
// (tokenizer.ggml.pre); the rules themselves are those of the tokenizer.json that were converted,
// which llama.cpp's llama-vocab.cpp quotes.
#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "source/gguf/tokenizer.hpp"

namespace ovbake {
namespace {

constexpr const char* kLlama3 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|)"
    R"(\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr const char* kQwen2 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|)"
    R"(\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr const char* kTekken =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}|)"
    R"( ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr const char* kGpt4o =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)"
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)"
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

struct PreTokenizer {
  std::string_view name;  ///< tokenizer.ggml.pre
  const char* split;      ///< Null: GPT-2's own rule.
  bool digits = false;    ///< Each is a piece of its own.
  bool nfc = false;       ///< Text is normalized before.
  bool whole_words =
      false;  ///< A piece that is a token needs no merges; and bos goes before a text.
};

constexpr auto kPreTokenizers = std::to_array<PreTokenizer>({
    {"gpt-2", nullptr},
    {"phi-2", nullptr},
    {"smollm", nullptr, true},
    {"starcoder", nullptr, true},
    {"refact", nullptr, true},
    {"codeshell", nullptr, true},
    {"minerva-7b", nullptr, true},
    {"llama3", kLlama3, false, false, true},
    {"llama-v3", kLlama3, false, false, true},
    {"llama-bpe", kLlama3, false, false, true},
    {"falcon3", kLlama3, false, false, true},
    {"dbrx", kLlama3},
    {"smaug-bpe", kLlama3},
    {"qwen2", kQwen2, false, true},
    {"deepseek-r1-qwen", kQwen2},
    {"megrez", kQwen2},
    {"tekken", kTekken, false, false, true},
    {"gpt-4o", kGpt4o},
    {"llama4", kGpt4o},
});

const PreTokenizer& find_pre_tokenizer(const GgufMetadata& metadata) {
  const std::string name = metadata.text("tokenizer.ggml.pre", "default");
  const auto* const found = std::ranges::find(kPreTokenizers, name, &PreTokenizer::name);
  if (found != kPreTokenizers.end()) return *found;
  std::vector<std::string_view> known;
  for (const PreTokenizer& one : kPreTokenizers) known.push_back(one.name);
  throw input_error("its pre-tokenizer {} is not one that is known, as {} are", quote(name),
                    fmt::join(known, ", "));
}

/// As JSON; throws where the text is no UTF-8.
std::string quoted(std::string_view text) {
  if (!is_valid_utf8(text)) throw input_error("its text {} is no UTF-8", quote(text));
  return Json(text).dump();
}

Json pre_tokenizer(const PreTokenizer& rule) {
  Json steps = Json::array();
  if (rule.digits) steps.push_back({{"type", "Digits"}, {"individual_digits", true}});
  if (rule.split != nullptr) {
    steps.push_back({{"type", "Split"},
                     {"pattern", {{"Regex", rule.split}}},
                     {"behavior", "Isolated"},
                     {"invert", false}});
  }
  steps.push_back({{"type", "ByteLevel"},
                   {"add_prefix_space", false},
                   {"trim_offsets", true},
                   {"use_regex", rule.split == nullptr}});
  return {{"type", "Sequence"}, {"pretokenizers", steps}};
}

Json template_with(const GgufMetadata& metadata, const GgufVocabulary& vocabulary,
                   const PreTokenizer& rule) {
  Json single = Json::array();
  Json known = Json::object();
  const auto add = [&](const char* role, bool fallback) {
    const auto id = metadata.optional_integer(fmt::format("tokenizer.ggml.{}_token_id", role));
    const bool wanted = metadata.flag(fmt::format("tokenizer.ggml.add_{}_token", role), fallback);
    if (!wanted || !id || *id < 0 || std::cmp_greater_equal(*id, vocabulary.tokens.size())) return;
    const std::string token(vocabulary.tokens[static_cast<std::size_t>(*id)]);
    single.push_back({{"SpecialToken", {{"id", token}, {"type_id", 0}}}});
    known[token] = {{"id", token}, {"ids", {*id}}, {"tokens", {token}}};
  };
  add("bos", rule.whole_words);
  single.push_back({{"Sequence", {{"id", "A"}, {"type_id", 0}}}});
  add("eos", false);
  if (single.size() == 1) return nullptr;
  Json pair = single;
  pair.push_back({{"Sequence", {{"id", "B"}, {"type_id", 1}}}});
  return {{"type", "TemplateProcessing"},
          {"single", single},
          {"pair", pair},
          {"special_tokens", known}};
}

Json added_tokens(const GgufVocabulary& vocabulary) {
  Json list = Json::array();
  for (std::size_t id = 0; id < vocabulary.tokens.size(); ++id) {
    const bool special =
        vocabulary.is(id, TokenKind::control) || vocabulary.is(id, TokenKind::unknown);
    if (!special && !vocabulary.is(id, TokenKind::user_defined)) continue;
    list.push_back({{"id", id},
                    {"content", vocabulary.tokens[id]},
                    {"single_word", false},
                    {"lstrip", false},
                    {"rstrip", false},
                    {"normalized", false},
                    {"special", special}});
  }
  return list;
}

/// Everything but the model, which is too large for a tree in memory.
Json head_of(const GgufMetadata& metadata, const GgufVocabulary& vocabulary,
             const PreTokenizer& rule) {
  const Json byte_level{{"type", "ByteLevel"},
                        {"add_prefix_space", true},
                        {"trim_offsets", true},
                        {"use_regex", true}};
  return {{"version", "1.0"},
          {"truncation", nullptr},
          {"padding", nullptr},
          {"added_tokens", added_tokens(vocabulary)},
          {"normalizer", rule.nfc ? Json{{"type", "NFC"}} : Json()},
          {"pre_tokenizer", pre_tokenizer(rule)},
          {"post_processor", template_with(metadata, vocabulary, rule)},
          {"decoder", byte_level}};
}

}  // namespace

std::string byte_level_tokenizer_json(const GgufMetadata& metadata,
                                      const GgufVocabulary& vocabulary) {
  const PreTokenizer& rule = find_pre_tokenizer(metadata);
  std::string text = head_of(metadata, vocabulary, rule).dump();
  text.pop_back();
  text += fmt::format(R"(,"model":{{"type":"BPE","dropout":null,"unk_token":null,)"
                      R"("continuing_subword_prefix":null,"end_of_word_suffix":null,)"
                      R"("fuse_unk":false,"byte_fallback":false,"ignore_merges":{},"vocab":{{)",
                      rule.whole_words);
  bool first = true;
  for (std::size_t id = 0; id < vocabulary.tokens.size(); ++id) {
    if (vocabulary.is(id, TokenKind::unused)) continue;
    text += fmt::format("{}{}:{}", first ? "" : ",", quoted(vocabulary.tokens[id]), id);
    first = false;
  }
  text += R"(},"merges":[)";
  const StringList& merges = metadata.texts("tokenizer.ggml.merges");
  for (std::size_t i = 0; i < merges.size(); ++i) {
    if (i > 0) text += ',';
    text += quoted(merges[i]);
  }
  return text + "]}}\n";
}

}  // namespace ovbake
