#include "tokenizer/tokenizer_config.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "tokenizer/tokenizer_classes.hpp"

namespace ovbake {
namespace {

constexpr std::array kSpecialKeys{"bos_token", "eos_token", "unk_token", "sep_token",
                                  "pad_token", "cls_token", "mask_token"};
constexpr std::array kListKeys{"additional_special_tokens", "extra_special_tokens"};

Json object_in(const SmallFiles& checkpoint, std::string_view name) {
  if (!checkpoint.has(name)) return Json::object();
  Json json = checkpoint.json(name);
  if (!json.is_object()) {
    throw input_error("{} is no JSON object.", checkpoint.path_of(name).string());
  }
  return json;
}

/// "<s>", or {"content": "<s>", "lstrip": false, …}.
AddedToken token_of(const Json& value, bool special) {
  if (value.is_string()) return {.content = value.get<std::string>(), .special = special};
  const bool is_special = flag_of(value, "special", special);
  return {.content = text_of(value, "content"),
          .single_word = flag_of(value, "single_word", false),
          .lstrip = flag_of(value, "lstrip", false),
          .rstrip = flag_of(value, "rstrip", false),
          .normalized = flag_of(value, "normalized", !is_special),
          .special = is_special};
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

void read_decoder(TokenizerConfig& config) {
  const Json& decoder = config.json["added_tokens_decoder"];
  if (!decoder.is_object()) throw input_error("added_tokens_decoder is no object");
  config.has_decoder = true;
  for (const auto& [digits, token] : decoder.items()) {
    config.listed[id_of(digits)] = token_of(token, false);
  }
}

/// Lists of tokens are joined, everything else is replaced.
void overlay(Json& json, const Json& map) {
  for (const auto& [key, value] : map.items()) {
    const bool is_list = std::ranges::find(kListKeys, key) != kListKeys.end() && value.is_array();
    if (!is_list || !json.contains(key) || !json[key].is_array()) {
      json[key] = value;
      continue;
    }
    for (const Json& token : value) {
      if (std::ranges::find(json[key], token) == json[key].end()) json[key].push_back(token);
    }
  }
}

void read_added_tokens(TokenizerConfig& config, const SmallFiles& checkpoint) {
  std::set<std::string> special;
  for (const AddedToken& token : special_tokens(config)) special.insert(token.content);
  const Json added = object_in(checkpoint, "added_tokens.json");
  for (const auto& [content, id] : added.items()) {
    if (!id.is_number_integer()) throw input_error("added_tokens.json has no id for {}", content);
    const bool is_special = special.contains(content);
    config.listed[id_of(id.dump())] = {
        .content = content, .normalized = !is_special, .special = is_special};
  }
}

std::string without_fast(std::string name) {
  if (name.ends_with("Fast") && name != "PreTrainedTokenizerFast") name.resize(name.size() - 4);
  return name;
}

std::string text_or_empty(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string class_of(const Json& tokenizer_config, const Json& config) {
  for (const Json* json : {&tokenizer_config, &config}) {
    if (auto name = text_or_empty(*json, "tokenizer_class"); !name.empty()) {
      return without_fast(std::move(name));
    }
  }
  return std::string(default_tokenizer_class(text_or_empty(config, "model_type")));
}

void add_defaults_of_class(TokenizerConfig& config) {
  const TokenizerClass& known = tokenizer_class(config.tokenizer_class);
  if (config.of_transformers_5) return;
  for (const auto& [key, token] : known.tokens) {
    if (!config.json.contains(key)) config.json[key] = token;
  }
  Json& more = config.json[kListKeys[0]];
  if (!more.is_array()) more = Json::array();
  for (const std::string_view token : known.more_tokens) more.push_back(token);
}

/// Keys that transformers 5 takes for special tokens of the model.
bool names_token_of_model(const std::string& key) {
  return key.ends_with("_token") && !key.starts_with("add_") &&
         std::ranges::find(kSpecialKeys, key) == kSpecialKeys.end();
}

}  // namespace

std::vector<AddedToken> special_tokens(const TokenizerConfig& config) {
  std::vector<AddedToken> tokens;
  std::set<std::string> seen;
  const auto add = [&](const Json& value) {
    if (!value.is_string() && !value.is_object()) return;
    AddedToken token = token_of(value, true);
    token.special = true;
    if (seen.insert(token.content).second) tokens.push_back(std::move(token));
  };
  for (const char* key : kSpecialKeys) add(config.json.value(key, Json()));
  for (const char* key : kListKeys) {
    const Json list = config.json.value(key, Json());
    if (list.is_structured()) std::ranges::for_each(list, add);
  }
  for (const auto& [key, value] : config.json.items()) {
    if (config.of_transformers_5 && names_token_of_model(key)) add(value);
  }
  return tokens;
}

std::string special_token_text(const TokenizerConfig& config, const char* key) {
  const Json value = config.json.value(key, Json());
  return value.is_string() || value.is_object() ? token_of(value, true).content : std::string();
}

TokenizerConfig read_tokenizer_config(const SmallFiles& checkpoint) {
  TokenizerConfig config{.json = object_in(checkpoint, "tokenizer_config.json")};
  const Json map = object_in(checkpoint, "special_tokens_map.json");
  config.tokenizer_class = class_of(config.json, object_in(checkpoint, "config.json"));
  config.found = checkpoint.has("tokenizer_config.json") || checkpoint.has("config.json");
  config.of_transformers_5 =
      config.tokenizer_class == "TokenizersBackend" || config.json.contains("backend");
  try {
    if (config.json.value("added_tokens_decoder", Json()).is_null()) {
      overlay(config.json, map);
      add_defaults_of_class(config);
      read_added_tokens(config, checkpoint);
    } else {
      read_decoder(config);
      add_defaults_of_class(config);
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) throw;
    throw input_error("tokenizer_config.json and the files beside it in {} cannot be read: {}.",
                      checkpoint.folder().string(), error.what());
  }
  return config;
}

}  // namespace ovbake
