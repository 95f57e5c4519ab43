// What the files beside a vocabulary say of its tokenizer, read as transformers reads them:
// tokenizer_config.json, special_tokens_map.json, added_tokens.json, and config.json for the class.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "source/small_files.hpp"
#include "tokenizer/description.hpp"

namespace ovbake {

struct TokenizerConfig {
  /// tokenizer_config.json, with what special_tokens_map.json and the class say where it leaves
  /// off.
  Json json = Json::object();
  std::string tokenizer_class;  ///< Without "Fast".
  bool found = false;           ///< tokenizer_config.json or config.json is there.
  /// Whether transformers 5 wrote the files: its classes neither build templates nor clean up.
  bool of_transformers_5 = false;
  /// added_tokens_decoder, or else added_tokens.json.
  std::map<TokenId, AddedToken> listed;
  bool has_decoder = false;  ///< added_tokens_decoder is there, so that it alone counts.
};

TokenizerConfig read_tokenizer_config(const SmallFiles& checkpoint);

/// The special tokens by their keys, and then the additional ones, each once.
std::vector<AddedToken> special_tokens(const TokenizerConfig& config);

/// The text of bos_token and the like; empty where there is none.
std::string special_token_text(const TokenizerConfig& config, const char* key);

}  // namespace ovbake
