// What the code of a tokenizer adds to its tokenizer.model, as tokenizer_config.json says:
// tokenizer.json would hold it itself.
#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.hpp"
#include "tokenizer/checkpoint_tokenizer.hpp"
#include "tokenizer/metadata.hpp"

namespace ovbake {
namespace {

constexpr const char* kChatGlm = "ChatGLMTokenizer";
constexpr const char* kGlm4 = "ChatGLM4Tokenizer";
/// Behind the pieces of a ChatGLM of the second or third generation.
constexpr std::array kChatGlmTokens{"[MASK]",   "[gMASK]",       "[sMASK]",
                                    "sop",      "eop",           "<|system|>",
                                    "<|user|>", "<|assistant|>", "<|observation|>"};
/// Put a bos_token before a text where tokenizer_config.json is silent.
constexpr std::array kBeginningTokenizers{
    "BaichuanTokenizer", "CodeLlamaTokenizer", "InternLM2Tokenizer", "InternLM3Tokenizer",
    "LlamaTokenizer",    "LlamaTokenizerFast", "OrionTokenizer"};

/// Takes the place of one with the same id.
void add_token(TokenizerDescription& d, AddedToken token) {
  std::erase_if(d.added_tokens, [&](const AddedToken& known) { return known.id == token.id; });
  d.added_tokens.push_back(std::move(token));
}

TokenId id_of(const std::string& digits) {
  std::int64_t id = -1;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  const bool whole = fault == std::errc() && end == digits.data() + digits.size();
  if (!whole || id < 0 || id > Vocabulary::kMaxId) {
    throw input_error("\"{}\" is no id of a token", digits);
  }
  return static_cast<TokenId>(id);
}

void add_listed_tokens(TokenizerDescription& d, const Json& config) {
  const auto listed = config.find("added_tokens_decoder");
  if (listed == config.end()) return;
  if (!listed->is_object()) throw input_error("added_tokens_decoder is no object");
  for (const auto& [digits, token] : listed->items()) {
    add_token(d, {.id = id_of(digits),
                  .content = text_of(token, "content"),
                  .single_word = flag_of(token, "single_word", false),
                  .lstrip = flag_of(token, "lstrip", false),
                  .rstrip = flag_of(token, "rstrip", false),
                  .special = flag_of(token, "special", false)});
  }
}

void add_chatglm_tokens(TokenizerDescription& d) {
  auto next = static_cast<TokenId>(d.vocabulary().size());
  for (const char* content : kChatGlmTokens) {
    add_token(d, {.id = next++, .content = content, .special = true});
  }
}

TokenId added(const TokenizerDescription& d, std::string_view content) {
  for (const AddedToken& token : d.added_tokens) {
    if (token.content == content) return token.id;
  }
  throw input_error("{} goes before every text, but no such token is known", content);
}

/// What ChatGLM's code puts before every text.
std::vector<TokenId> chatglm_prefix(const TokenizerDescription& d, std::string_view start) {
  return {added(d, "[gMASK]"), added(d, start)};
}

Json template_around(const std::vector<TokenId>& before, const std::vector<TokenId>& after) {
  Json single = Json::array();
  Json known = Json::object();
  const auto add = [&](TokenId id) {
    const std::string name = fmt::format("{}", id);
    single.push_back({{"SpecialToken", {{"id", name}, {"type_id", 0}}}});
    known[name] = {{"ids", Json::array({id})}};
  };
  std::ranges::for_each(before, add);
  single.push_back({{"Sequence", {{"id", "A"}, {"type_id", 0}}}});
  std::ranges::for_each(after, add);
  return {{"type", "TemplateProcessing"}, {"single", single}, {"special_tokens", known}};
}

TokenId required(const std::optional<TokenId>& id, const char* key) {
  if (!id) throw input_error("{} goes with every text, but no such token is known", key);
  return *id;
}

void add_configured(TokenizerDescription& d, const Json& config, const SmallFiles& files) {
  add_listed_tokens(d, config);
  const TokenizerMetadata metadata = read_tokenizer_metadata(files, d);
  const bool begins = std::ranges::find(kBeginningTokenizers, metadata.tokenizer_class) !=
                      kBeginningTokenizers.end();
  std::vector<TokenId> before, after;
  if (metadata.tokenizer_class == kChatGlm) {
    add_chatglm_tokens(d);
    before = chatglm_prefix(d, "sop");
  }
  if (metadata.tokenizer_class == kGlm4) before = chatglm_prefix(d, "<sop>");
  if (flag_of(config, "add_bos_token", begins)) {
    before.push_back(required(metadata.bos_token_id, "bos_token"));
  }
  if (flag_of(config, "add_eos_token", false)) {
    after.push_back(required(metadata.eos_token_id, "eos_token"));
  }
  if (!before.empty() || !after.empty()) {
    d.post_processors.push_back(template_around(before, after));
  }
}

}  // namespace

void add_configured_tokens(TokenizerDescription& d, const SmallFiles& files) {
  constexpr const char* kFile = "tokenizer_config.json";
  if (!files.has(kFile)) return;
  try {
    add_configured(d, files.read_json(kFile), files);
  } catch (const Error& error) {
    throw input_error("{} does not fit {}: {}.", files.path_of(kFile), d.where, error.what());
  }
}

}  // namespace ovbake
