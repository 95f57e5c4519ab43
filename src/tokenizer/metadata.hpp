// What stands beside a tokenizer in its checkpoint, and what the readers of tokenizer IR look for
// in rt_info.
#pragma once

#include <optional>
#include <string>

#include <openvino/core/model.hpp>

#include "source/small_files.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/description.hpp"
#include "tokenizer/tokenizer_config.hpp"

namespace ovbake {

struct TokenizerMetadata {
  std::string tokenizer_class;
  std::optional<TokenId> bos_token_id, eos_token_id, pad_token_id;
  std::string chat_template;
};

/// `tokenizer` is configured, so that it knows the special tokens.
TokenizerMetadata metadata_of(const TokenizerDescription& tokenizer, const TokenizerConfig& config,
                              const SmallFiles& checkpoint);

void write_rt_info(ov::Model& model, const TokenizerMetadata& metadata, const Template& around);

}  // namespace ovbake
