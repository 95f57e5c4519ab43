// vocab.json and merges.txt: GPT-2's pair of files, for the classes whose steps are known.
#include "base/error.hpp"
#include "base/file.hpp"
#include "tokenizer/bpe_merges.hpp"
#include "tokenizer/checkpoint_tokenizer.hpp"
#include "tokenizer/json_document.hpp"
#include "tokenizer/published_patterns.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kMaxMergesBytes = 256 << 20;

std::vector<Merge> merges_of(std::string_view text, const BpeModel& bpe) {
  std::vector<Merge> merges;
  for (bool first = true; !text.empty(); first = false) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty() && !(first && line.starts_with("#version")))
      merges.push_back(merge_of(bpe, line));
  }
  return merges;
}

Json byte_level(bool add_prefix_space, bool use_regex) {
  return {{"type", "ByteLevel"}, {"add_prefix_space", add_prefix_space}, {"use_regex", use_regex}};
}

void set_steps(TokenizerDescription& d, const TokenizerConfig& config) {
  const bool prefix = flag_of(config.json, "add_prefix_space", false);
  const std::string& name = config.tokenizer_class;
  d.decoders = {{{"type", "ByteLevel"}}};
  if (name == "GPT2Tokenizer" || name == "CodeGenTokenizer") {
    d.pre_tokenizers = {byte_level(prefix, true)};
  } else if (name == "Qwen2Tokenizer") {
    d.normalizers = {{{"type", "NFC"}}};
    d.pre_tokenizers = {{{"type", "Split"},
                         {"pattern", {{"Regex", kQwenPattern}}},
                         {"behavior", "Isolated"},
                         {"invert", false}},
                        byte_level(prefix, false)};
  } else {
    throw input_error(
        "how {} cuts a text is not known, only GPT2Tokenizer, CodeGenTokenizer and Qwen2Tokenizer "
        "are; save the tokenizer as tokenizer.json by transformers",
        name.empty() ? "a tokenizer of no named class" : name);
  }
}

}  // namespace

TokenizerDescription read_vocab_and_merges(const SmallFile& vocab_json,
                                           const TokenizerConfig& config) {
  const simdjson::padded_string_view text = load_document(vocab_json);
  const std::string& merges = vocab_json.files.text("merges.txt", kMaxMergesBytes);
  TokenizerDescription d;
  d.where = vocab_json.where();
  d.file = TokenizerFile::vocab_and_merges;
  try {
    BpeModel bpe;
    simdjson::ondemand::parser parser;
    simdjson::ondemand::document document = parser.iterate(text);
    for (auto entry : document.get_object()) {
      const std::string_view token = entry.unescaped_key();
      bpe.vocabulary.add(token, entry.value().get_int64());
    }
    bpe.merges = merges_of(merges, bpe);
    d.model = std::move(bpe);
    set_steps(d, config);
  } catch (const simdjson::simdjson_error& error) {
    throw input_error("{} is no vocabulary that can be read: {}.", d.where, error.what());
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) throw;
    throw input_error("{} with merges.txt cannot be read: {}.", d.where, error.what());
  }
  return d;
}

}  // namespace ovbake
