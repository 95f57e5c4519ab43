#include <algorithm>

#include "base/error.hpp"
#include "tokenizer/configure.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/tokenizer_classes.hpp"

namespace ovbake {
namespace {

Json replace_step(const Json& pattern, const std::string& content) {
  return {{"type", "Replace"}, {"pattern", pattern}, {"content", content}};
}

bool is_given(const Json& json, const char* key) {
  return json.contains(key) && !json[key].is_null();
}

/// What transformers makes of a tokenizer.model of Llama's kind. `legacy` marks every piece between
/// added tokens as the beginning of a word, what came after that marks the first word only.
void set_llama_steps(TokenizerDescription& d, bool legacy, bool prefix) {
  d.normalizers.clear();
  d.pre_tokenizers.clear();
  if (legacy) {
    if (prefix) d.normalizers.push_back({{"type", "Prepend"}, {"prepend", "▁"}});
    d.normalizers.push_back(replace_step({{"String", " "}}, "▁"));
  } else {
    d.pre_tokenizers.push_back({{"type", "Metaspace"},
                                {"replacement", "▁"},
                                {"prepend_scheme", prefix ? "first" : "never"},
                                {"split", false}});
  }
  d.decoders = {
      replace_step({{"String", "▁"}}, " "), {{"type", "ByteFallback"}}, {{"type", "Fuse"}}};
  if (prefix) {
    d.decoders.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
  }
}

/// Llama's class reads tokenizer.model instead of tokenizer.json where add_prefix_space is given.
bool reads_model_file(const TokenizerDescription& d, const TokenizerConfig& config,
                      bool has_model_file) {
  const auto* bpe = std::get_if<BpeModel>(&d.model);
  if (config.tokenizer_class != "LlamaTokenizer" || !bpe || !bpe->byte_fallback) return false;
  if (d.file == TokenizerFile::sentencepiece) {
    return !flag_of(config.json, "legacy", true) || is_given(config.json, "add_prefix_space");
  }
  return d.file == TokenizerFile::json && has_model_file && !config.of_transformers_5 &&
         is_given(config.json, "add_prefix_space");
}

/// ByteLevel's add_prefix_space, where tokenizer_config.json decides it.
void set_prefix_space(TokenizerDescription& d, const TokenizerConfig& config) {
  if (d.file != TokenizerFile::json || config.of_transformers_5 || !config.found) return;
  const Json given = config.json.value("add_prefix_space", Json());
  const TokenizerClass& known = tokenizer_class(config.tokenizer_class);
  // Llama's class takes it for the word to read tokenizer.model.
  if (config.tokenizer_class == "LlamaTokenizer") return;
  const bool wanted = given == true;
  for (Json& step : d.pre_tokenizers) {
    if (!is_step(step, "ByteLevel") || flag_of(step, "add_prefix_space", true) == wanted) continue;
    if (!d.lone_pre_tokenizer && !(known.only_sets_prefix_space && wanted)) continue;
    step["add_prefix_space"] = wanted;
    d.warnings.push_back(fmt::format(
        "A text {} a space in front, as transformers 4 takes it from tokenizer_config.json; "
        "tokenizer.json, which transformers 5 follows, says otherwise.",
        wanted ? "gets" : "does not get"));
  }
}

/// BERT's class takes the flags of its normalizer from tokenizer_config.json.
void set_bert_normalizer(TokenizerDescription& d, const TokenizerConfig& config) {
  if (config.tokenizer_class != "BertTokenizer" || d.normalizers.size() != 1) return;
  Json& step = d.normalizers[0];
  if (!is_step(step, "BertNormalizer")) return;
  const Json set{{"lowercase", flag_of(config.json, "do_lower_case", true)},
                 {"handle_chinese_chars", flag_of(config.json, "tokenize_chinese_chars", true)},
                 {"strip_accents", config.json.value("strip_accents", Json())}};
  step.update(set);
}

/// transformers 5 leaves BPE alone, whose spaces before punctuation are the text's own.
void clean_up_spaces(TokenizerDescription& d, const TokenizerConfig& config) {
  if (!flag_of(config.json, "clean_up_tokenization_spaces", false)) return;
  constexpr const char* kForced =
      "clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output";
  const bool is_bpe = std::holds_alternative<BpeModel>(d.model);
  const bool forced = flag_of(config.json, kForced, false);
  if (is_bpe && config.of_transformers_5 && !forced) return;
  if (is_bpe && !forced) {
    d.warnings.emplace_back(
        "Decoded texts lose their spaces before punctuation, as clean_up_tokenization_spaces in "
        "tokenizer_config.json asks and transformers 4 does; transformers 5 keeps them; set it to "
        "false to keep them here too.");
  }
  d.cleans_up_spaces = true;
}

}  // namespace

void configure_steps(TokenizerDescription& d, const TokenizerConfig& config, bool has_model_file) {
  if (reads_model_file(d, config, has_model_file)) {
    set_llama_steps(d, flag_of(config.json, "legacy", true),
                    flag_of(config.json, "add_prefix_space", true));
  }
  set_prefix_space(d, config);
  set_bert_normalizer(d, config);
  clean_up_spaces(d, config);
}

void configure(TokenizerDescription& d, const TokenizerConfig& config,
               const SmallFiles& checkpoint) {
  try {
    configure_tokens(d, config);
    configure_template(d, config);
    configure_steps(d, config, checkpoint.has("tokenizer.model"));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) throw;
    throw input_error("{} does not fit {}: {}.",
                      checkpoint.path_of("tokenizer_config.json").string(), d.where, error.what());
  }
}

}  // namespace ovbake
