#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "tokenizer/configure.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/tokenizer_classes.hpp"

namespace ovbake {
namespace {

/// Classes that come with their models and put a bos_token before a text where
/// tokenizer_config.json is silent.
constexpr std::array kBeginningTokenizers{"BaichuanTokenizer", "InternLM2Tokenizer",
                                          "InternLM3Tokenizer", "OrionTokenizer"};

std::optional<TokenId> added(const TokenizerDescription& d, std::string_view content) {
  const auto found = std::ranges::find(d.added_tokens, content, &AddedToken::content);
  if (found != d.added_tokens.end()) return found->id;
  return d.vocabulary().find(content);
}

Json template_around(const Template& around) {
  Json single = Json::array();
  Json known = Json::object();
  const auto add = [&](TokenId id) {
    const std::string name = fmt::format("{}", id);
    single.push_back({{"SpecialToken", {{"id", name}, {"type_id", 0}}}});
    known[name] = {{"ids", Json::array({id})}};
  };
  std::ranges::for_each(around.before, add);
  single.push_back({{"Sequence", {{"id", "A"}, {"type_id", 0}}}});
  std::ranges::for_each(around.after, add);
  return {{"type", "TemplateProcessing"}, {"single", single}, {"special_tokens", known}};
}

/// The template that a class builds of its flags.
class Flags {
 public:
  Flags(const TokenizerDescription& d, const TokenizerConfig& config) : d_(d), config_(config) {}

  Template around(bool bos_by_default) const {
    Template around;
    if (flag_of(config_.json, "add_bos_token", bos_by_default)) add("bos_token", around.before);
    if (flag_of(config_.json, "add_eos_token", false)) add("eos_token", around.after);
    return around;
  }

 private:
  bool has_row(TokenId id) const { return static_cast<std::size_t>(id) < d_.vocabulary().size(); }

  /// A token that nothing but its own key names has no row in the embedding.
  void add(const char* key, std::vector<TokenId>& side) const {
    const std::string text = special_token_text(config_, key);
    const auto id = text.empty() ? std::nullopt : added(d_, text);
    const bool listed = id && config_.listed.contains(*id);
    if (!id || (!listed && d_.file != TokenizerFile::json && !has_row(*id))) {
      throw input_error("{} goes with every text, but no such token is known", key);
    }
    side.push_back(*id);
  }

  const TokenizerDescription& d_;
  const TokenizerConfig& config_;
};

std::string told(const TokenizerDescription& d, const Template& around) {
  std::string text;
  const auto add = [&](TokenId id) {
    const auto found = std::ranges::find(d.added_tokens, id, &AddedToken::id);
    text += found == d.added_tokens.end() ? std::string(d.vocabulary()[id]) : found->content;
  };
  std::ranges::for_each(around.before, add);
  text += "…";
  std::ranges::for_each(around.after, add);
  return text;
}

/// tokenizer.json has a template of its own, which transformers 5 follows.
void build_anew(TokenizerDescription& d, const TokenizerConfig& config) {
  const TokenizerClass& known = tokenizer_class(config.tokenizer_class);
  if (!known.builds_template || config.of_transformers_5) return;
  const bool has_bos = !special_token_text(config, "bos_token").empty();
  if (!has_bos && flag_of(config.json, "add_bos_token", known.adds_bos)) return;
  const Template built = Flags(d, config).around(known.adds_bos), own = template_of(d);
  if (built.before == own.before && built.after == own.after) return;
  d.warnings.push_back(fmt::format(
      "Every text becomes {}, as transformers 4 builds it of tokenizer_class {} and its flags "
      "add_bos_token and add_eos_token; tokenizer.json, which transformers 5 follows, makes it {}.",
      told(d, built), config.tokenizer_class, told(d, own)));
  d.post_processors = {template_around(built)};
}

Template around_of_model_file(const TokenizerDescription& d, const TokenizerConfig& config) {
  const std::string& name = config.tokenizer_class;
  if (d.file == TokenizerFile::vocab_and_merges && name == "Qwen2Tokenizer") return {};
  const bool begins = (d.file != TokenizerFile::ranks && tokenizer_class(name).adds_bos) ||
                      std::ranges::find(kBeginningTokenizers, name) != kBeginningTokenizers.end();
  Template around = Flags(d, config).around(begins);
  // What ChatGLM's code puts before every text.
  const bool glm4 = name == "ChatGLM4Tokenizer";
  if (!glm4 && name != "ChatGLMTokenizer") return around;
  for (const char* token : {glm4 ? "<sop>" : "sop", "[gMASK]"}) {
    const auto id = added(d, token);
    if (!id) throw input_error("{} goes before every text, but no such token is known", token);
    around.before.insert(around.before.begin(), *id);
  }
  return around;
}

}  // namespace

void configure_template(TokenizerDescription& d, const TokenizerConfig& config) {
  if (d.file == TokenizerFile::json) return build_anew(d, config);
  const Template around = around_of_model_file(d, config);
  if (!around.before.empty() || !around.after.empty()) {
    d.post_processors.push_back(template_around(around));
  }
}

}  // namespace ovbake
