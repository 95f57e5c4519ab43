#include "tokenizer/metadata.hpp"

#include <openvino/core/version.hpp>
#include <ovbake/ovbake.hpp>

#include "tokenizer/chat_template.hpp"

namespace ovbake {
namespace {

/// The release of the extension whose operations are written. GenAI takes the absence of this entry
/// for a tokenizer of before 24.5.
constexpr const char* kExtensionVersion = "2026.4.1.0";

std::optional<TokenId> id_of(const TokenizerDescription& tokenizer, std::string_view token) {
  if (token.empty()) return std::nullopt;
  for (const AddedToken& added : tokenizer.added_tokens) {
    if (added.content == token) return added.id;
  }
  return tokenizer.vocabulary().find(token);
}

/// The single and the pair template as ids; -1 and -2 stand for the texts.
std::string processed_template(const Template& around) {
  Json single = around.before;
  single.push_back(-1);
  for (const TokenId id : around.after) single.push_back(id);
  Json pair = single;
  pair.push_back(-2);
  for (const TokenId id : around.after) pair.push_back(id);
  const auto entry = [](const Json& ids) {
    return Json{{"ids", ids}, {"type_ids", std::vector<int>(ids.size(), 0)}};
  };
  return Json{{"single", entry(single)}, {"pair", entry(pair)}}.dump();
}

}  // namespace

TokenizerMetadata metadata_of(const TokenizerDescription& tokenizer, const TokenizerConfig& config,
                              const SmallFiles& checkpoint) {
  const auto id = [&](const char* key) {
    return id_of(tokenizer, special_token_text(config, key));
  };
  const Json named = config.json.value("tokenizer_class", Json());
  return {.tokenizer_class =
              named.is_string() ? named.get<std::string>() : std::string("PreTrainedTokenizerFast"),
          .bos_token_id = id("bos_token"),
          .eos_token_id = id("eos_token"),
          .pad_token_id = id("pad_token"),
          .chat_template = read_chat_template(checkpoint)};
}

void write_rt_info(ov::Model& model, const TokenizerMetadata& metadata, const Template& around) {
  const auto set = [&](const char* key, const std::string& value) {
    if (!value.empty()) model.set_rt_info(value, key);
  };
  const auto set_id = [&](const char* key, const std::optional<TokenId>& id) {
    if (id) model.set_rt_info(std::int64_t{*id}, key);
  };
  set_id("bos_token_id", metadata.bos_token_id);
  set_id("eos_token_id", metadata.eos_token_id);
  set_id("pad_token_id", metadata.pad_token_id);
  set("chat_template", metadata.chat_template);
  set("original_tokenizer_class", metadata.tokenizer_class);
  set("processed_post_processor_template", processed_template(around));
  set("openvino_tokenizers_version", kExtensionVersion);
  set("openvino_version", ov::get_openvino_version().buildNumber);
  set("ovbake_version", std::string(version()));
  set("add_special_tokens", "True");
  set("skip_special_tokens", "True");
  set("padding_side", "left");
  set("truncation_side", "left");
  set("tokenizer_output_type", "i64");
  set("detokenizer_input_type", "i64");
  set("streaming_detokenizer", "False");
  set("utf8_replace_mode", "replace");
}

}  // namespace ovbake
