// What stands beside a tokenizer in its checkpoint, and what the readers of tokenizer IR look for
// in rt_info.
#pragma once

#include <optional>
#include <string>

#include <openvino/core/model.hpp>

#include "source/small_files.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/description.hpp"

namespace ovbake {

struct TokenizerMetadata {
  std::string tokenizer_class;
  std::optional<TokenId> bos_token_id, eos_token_id, pad_token_id;
  std::string chat_template;
};

/// From tokenizer_config.json, special_tokens_map.json and the chat template files, each of which
/// may be absent.
TokenizerMetadata read_tokenizer_metadata(const SmallFiles& files,
                                          const TokenizerDescription& tokenizer);

void write_rt_info(ov::Model& model, const TokenizerMetadata& metadata, const Template& around);

}  // namespace ovbake
