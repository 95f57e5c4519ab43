// Decoders work on a list of tokens; VocabDecoder looks strings up. What a step does to each token
// by itself is done to the vocabulary here; what depends on a token's place is done to the joined
// text, with marks where it matters.
#include <functional>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "tokenizer/broken_bytes.hpp"
#include "tokenizer/byte_level.hpp"
#include "tokenizer/conversion.hpp"
#include "tokenizer/placeholders.hpp"
#include "tokenizer/regex.hpp"
#include "tokenizer/step_pattern.hpp"
#include "tokenizer/string_table.hpp"

namespace ovbake {
namespace {

/// Every token by id: the model's, overlaid by the added ones.
std::vector<std::string> tokens_by_id(const TokenizerDescription& tokenizer) {
  const Vocabulary& vocabulary = tokenizer.vocabulary();
  std::vector<std::string> tokens(vocabulary.size());
  for (std::size_t id = 0; id < tokens.size(); ++id) tokens[id] = vocabulary[TokenId(id)];
  for (const AddedToken& token : tokenizer.added_tokens) {
    const auto id = static_cast<std::size_t>(token.id);
    if (id >= tokens.size()) tokens.resize(id + 1);
    tokens[id] = token.content;
  }
  return tokens;
}

/// Ids of every token that reads as a special one does: the reference skips by text.
std::vector<TokenId> special_ids(const TokenizerDescription& tokenizer) {
  std::set<std::string_view> special;
  for (const AddedToken& token : tokenizer.added_tokens) {
    if (token.special) special.insert(token.content);
  }
  const std::vector<std::string> tokens = tokens_by_id(tokenizer);
  std::vector<TokenId> ids;
  for (std::size_t id = 0; id < tokens.size(); ++id) {
    if (special.contains(tokens[id])) ids.push_back(static_cast<TokenId>(id));
  }
  return ids;
}

using TextStep = std::function<Strings(const Strings&)>;

TextStep replacing(std::string pattern, std::string replacement, bool everywhere = true) {
  return [pattern = std::move(pattern), replacement = std::move(replacement), everywhere](
             const Strings& text) { return regex_replace(text, pattern, replacement, everywhere); };
}

/// The vocabulary as far as steps were done to it, and the steps that are left for the joined text.
class Plan {
 public:
  explicit Plan(const TokenizerDescription& tokenizer)
      : tokens_(tokens_by_id(tokenizer)), mark_(unused_noncharacter(tokenizer.vocabulary())) {
    for (const Json& step : tokenizer.decoders) add(step);
    if (tokenizer.decoders.empty()) separate_by_spaces();
    if (placeholders_pending_) resolve_placeholders();
    if (tokenizer.cleans_up_spaces) clean_up_spaces();
  }

  StringTable table() const {
    StringTable table;
    for (const std::string& token : tokens_) table.push(token);
    return table;
  }

  Strings run(Strings text) const {
    for (const TextStep& step : text_steps_) text = step(text);
    return text;
  }

 private:
  void add(const Json& step) {
    static const std::map<std::string, void (Plan::*)(const Json&), std::less<>> steps{
        {"ByteLevel", &Plan::byte_level},
        {"Replace", &Plan::replace},
        {"ByteFallback", &Plan::byte_fallback},
        {"Fuse", &Plan::fuse_tokens},
        {"Strip", &Plan::strip},
        {"Metaspace", &Plan::metaspace},
        {"WordPiece", &Plan::word_piece},
        {"BPEDecoder", &Plan::bpe_suffix}};
    const auto found = steps.find(text_of(step, "type"));
    if (found == steps.end()) refuse_step(step, "no operation does what it does");
    (this->*found->second)(step);
  }

  void each_token(const std::function<std::string(const std::string&)>& change) {
    for (std::string& token : tokens_) token = change(token);
  }

  void on_text(TextStep step) {
    fused_ = true;
    text_steps_.push_back(std::move(step));
  }

  void require_tokens(const Json& step) const {
    if (fused_) refuse_step(step, "it works on tokens that an earlier step has joined");
  }

  void byte_level(const Json& step) {
    require_tokens(step);
    each_token([](const std::string& token) { return nul_safe_bytes(decoded_bytes(token)); });
    on_text(bytes_to_text);
  }

  void replace(const Json& step) {
    const std::string content = text_of(step, "content");
    const bool literal = step.contains("pattern") && step["pattern"].contains("String");
    if (!fused_ && literal) {
      const std::string from = text_of(step["pattern"], "String");
      return each_token(
          [&](const std::string& token) { return replace_all(token, from, content); });
    }
    if (!fused_) refuse_step(step, "a pattern for single tokens needs a step Fuse before it");
    on_text(replacing(pattern_of(step), literal_replacement(content)));
  }

  void byte_fallback(const Json& step) {
    require_tokens(step);
    for (const std::string& token : tokens_) {
      if (holds_placeholder(token)) refuse_step(step, "the vocabulary uses U+10FF00 … U+10FFFF");
    }
    std::map<std::string, std::string> bytes;
    for (unsigned byte = 0; byte < 256; ++byte) bytes[byte_token(byte)] = byte_placeholder(byte);
    each_token([&](const std::string& token) {
      const auto found = bytes.find(token);
      return found == bytes.end() ? nul_safe_text(token) : found->second;
    });
    placeholders_pending_ = true;
  }

  void resolve_placeholders() {
    placeholders_pending_ = false;
    on_text(placeholders_to_text);
  }

  void fuse_tokens(const Json&) {
    fused_ = true;
    if (placeholders_pending_) resolve_placeholders();
  }

  /// Up to `start` and `stop` times the one character of "content", from either end.
  void strip(const Json& step) {
    const std::string content = literal_pattern(text_of(step, "content"));
    const std::int64_t start = integer_of(step, "start", 0), stop = integer_of(step, "stop", 0);
    if (!fused_) refuse_step(step, "stripping single tokens needs a step Fuse before it");
    if (start > 0) on_text(replacing(fmt::format("\\A{}{{1,{}}}", content, start), "", false));
    if (stop > 0) on_text(replacing(fmt::format("{}{{1,{}}}\\z", content, stop), "", false));
  }

  /// Marks of the first token vanish, all of them, and others become spaces.
  void metaspace(const Json& step) {
    require_tokens(step);
    const std::string sign = text_of(step, "replacement");
    if (prepend_scheme(step) == "never") {
      return each_token([&](const std::string& token) { return replace_all(token, sign, " "); });
    }
    end_each_token();
    on_text(replacing(fmt::format("\\G([^{0}{1}]*+){0}", sign, mark_), "$1"));
    on_text(replacing(mark_, ""));
    on_text(replacing(sign, " "));
  }

  void end_each_token() {
    each_token([&](const std::string& token) { return token + mark_; });
  }

  /// The first token as it is; others without their prefix, or else behind a space.
  void word_piece(const Json& step) {
    require_tokens(step);
    const std::string prefix = text_of(step, "prefix");
    const bool clean = flag_of(step, "cleanup", true);
    each_token([&](const std::string& token) {
      return token.starts_with(prefix) ? mark_ + cleaned(token.substr(prefix.size()), clean)
                                       : cleaned(" " + token, clean);
    });
    on_text(replacing("\\A ", "", false));
    on_text(replacing("\\A" + mark_, literal_replacement(prefix), false));
    on_text(replacing(mark_, ""));
  }

  static std::string cleaned(std::string text, bool clean) {
    if (!clean) return text;
    for (const auto& [from, to] : {std::pair{" .", "."},
                                   {" ?", "?"},
                                   {" !", "!"},
                                   {" ,", ","},
                                   {" ' ", "'"},
                                   {" n't", "n't"},
                                   {" 'm", "'m"},
                                   {" do not", " don't"},
                                   {" 's", "'s"},
                                   {" 've", "'ve"},
                                   {" 're", "'re"}}) {
      text = replace_all(std::move(text), from, to);
    }
    return text;
  }

  void bpe_suffix(const Json& step) {
    require_tokens(step);
    const std::string suffix = text_of(step, "suffix");
    each_token([&](const std::string& token) { return replace_all(token, suffix, mark_); });
    on_text(replacing(mark_ + "+\\z", "", false));
    on_text(replacing(mark_, " "));
  }

  /// Without a decoder, tokens are joined by spaces.
  void separate_by_spaces() {
    each_token([&](const std::string& token) { return token + mark_; });
    on_text(replacing(mark_ + "\\z", "", false));
    on_text(replacing(mark_, " "));
  }

  /// What clean_up_tokenization_spaces does to English.
  void clean_up_spaces() {
    on_text(replacing(" (?=[.?!,])", ""));
    on_text(replacing(" ' ", "'"));
    on_text(replacing(" (?=n't|'(?:m|s|ve|re))", ""));
  }

  std::vector<std::string> tokens_;
  std::string mark_;
  std::vector<TextStep> text_steps_;
  bool fused_ = false;
  bool placeholders_pending_ = false;
};

}  // namespace

Strings decode(const TokenizerDescription& tokenizer, const Value& ids) {
  const Plan plan(tokenizer);
  const StringTable table = plan.table();
  return plan.run(fuse(vocab_decoder(ids, table.constants(), special_ids(tokenizer))));
}

}  // namespace ovbake
