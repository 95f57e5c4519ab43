#include "architecture/unread_keys.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <vector>

#include <spdlog/fmt/ranges.h>

#include "architecture/family.hpp"
#include "architecture/read_keys.hpp"
#include "architecture/rope.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace ovbake {
namespace {

/// Parts of the names of keys that say nothing of a forward pass, whoever wrote them: who made the
/// folder, training, caches and kernels, token ids, and the settings of generation.
constexpr auto kElsewhere = std::to_array<std::string_view>({
    "_id",
    "_ids",
    "_token_index",
    "architectures",
    "attn_impl",
    "auto_map",
    "batch_size",
    "bf16",
    "bfloat16",
    "cache",
    "checkpoint",
    "chunk_size_",
    "custom_pip",
    "dropout",
    "dtype",
    "early_stop",
    "ep_size",
    "experts_impl",
    "finetuning",
    "flash",
    "fp16",
    "fp32",
    "fusion",
    "id2label",
    "init",
    "is_decoder",
    "is_encoder",
    "is_llama_config",
    "jitter",
    "label2id",
    "languages",
    "layerdrop",
    "loss",
    "max_length",
    "max_position_",
    "max_seq",
    "model_type",
    "n_ctx",
    "n_positions",
    "name_or_path",
    "num_labels",
    "onnx",
    "output_",
    "pad_key_",
    "pdrop",
    "penalty",
    "pre_allocate",
    "prefix",
    "pretraining_tp",
    "problem_ty",
    "reorder_and_",
    "return_dict",
    "rope_interleaved",
    "runner",
    "seq_length",
    "skip_bias_add",
    "slow_but_exact",
    "summary_",
    "task_specif",
    "temperature",
    "tie_encoder",
    "tokenizer",
    "top_k",
    "top_p",
    "torchscript",
    "transformers",
    "unsloth",
});

/// Keys whose names need a word on what they would change.
const std::map<std::string, std::string, std::less<>> kMeanings{
    {"attention_chunk_size", "layers would see a chunk of the tokens only"},
    {"is_causal", "every token would see those behind it"},
    {"layer_types", "layers would be of other kinds"},
    {"pruned_heads", "heads would be missing"},
    {"rope_parameters", "heads would be rotated"},
    {"rope_scaling", "heads would be rotated otherwise"},
    {"sliding_window", "layers would see a window of the tokens only"},
};

/// Where methods of quantization stand, every word of which matters.
constexpr auto kQuantizations =
    std::to_array<std::string_view>({"compression_config", "quantization", "quantization_config"});

bool is_elsewhere(std::string_view key) {
  return std::ranges::any_of(kElsewhere,
                             [&](auto part) { return key.find(part) != std::string_view::npos; });
}

/// Null, false, 0 and what holds nothing else.
bool is_nothing(const Json& value) {
  if (value.is_structured()) return std::ranges::all_of(value, is_nothing);
  if (value.is_string()) return value.get_ref<const std::string&>().empty();
  return value.is_null() || value == false || value == 0;
}

const Json& at(const Json& object, std::string_view key) {
  static const Json absent;
  const auto found = object.find(key);
  return found == object.end() ? absent : *found;
}

/// "hidden", "size" of "hidden_size"
std::vector<std::string_view> words_of(std::string_view key) {
  std::vector<std::string_view> words;
  for (std::size_t end = key.find('_'); end != key.npos; end = key.find('_')) {
    words.push_back(key.substr(0, end));
    key.remove_prefix(end + 1);
  }
  words.push_back(key);
  return words;
}

bool has_word_of(std::string_view key, std::string_view other) {
  const std::vector<std::string_view> others = words_of(other);
  return std::ranges::any_of(words_of(key), [&](std::string_view word) {
    return word.size() > 1 && word != "num" && std::ranges::find(others, word) != others.end();
  });
}

/// Another spelling of a key beside it: a number above 1 or a text that both have.
bool is_second_spelling(const UnreadKey& unread) {
  const Json& value = *unread.value;
  if (!value.is_string() && !(value.is_number() && value > 1)) return false;
  return std::ranges::any_of(unread.section->items(), [&](const auto& other) {
    return other.key() != unread.key && other.value() == value &&
           has_word_of(other.key(), unread.key);
  });
}

/// Whether the family computes what the value says anyway.
bool is_neutral(const UnreadKey& unread) {
  const Json& value = *unread.value;
  if (is_nothing(value) || is_second_spelling(unread)) return true;
  if (unread.key == "is_causal") return value == true;
  if (unread.key == "partial_rotary_factor") return value == 1;
  if (unread.key == "layer_types") {
    return std::ranges::all_of(value, [](const Json& type) { return type == "full_attention"; });
  }
  if (unread.key == "sliding_window") {
    const Json& limit = at(*unread.section, "max_position_embeddings");
    return at(*unread.section, "use_sliding_window") == false ||
           (value.is_number() && limit.is_number() && value >= limit);
  }
  if (unread.key == "head_dim") {
    const Json& hidden = at(*unread.section, "hidden_size");
    const Json& heads = at(*unread.section, "num_attention_heads");
    return hidden.is_number_integer() && heads.is_number_integer() && value.is_number_integer() &&
           heads > 0 && value.get<std::int64_t>() * heads.get<std::int64_t>() == hidden;
  }
  return false;
}

/// What code asks an unread key. Frequencies of every kind are understood (rope.cpp), so that of a
/// rope's section only words of the family itself count.
KeyReading reading(const UnreadKey& unread, std::string_view family, bool is_wrapper) {
  const std::string_view path = unread.path;
  const std::string_view section = path.substr(0, path.size() - unread.key.size());
  if (section.empty() && is_wrapper) return key_reading("@loading", unread.key);
  const bool is_quantization = std::ranges::any_of(
      kQuantizations, [&](auto key) { return path == key || section.starts_with(key); });
  if (is_quantization) return KeyReading::read;
  const bool is_rope = std::ranges::any_of(
      kRopeSections, [&](auto key) { return section.find(key) != std::string_view::npos; });
  if (is_rope && key_reading("@rope", unread.key) == KeyReading::read) return KeyReading::never;
  return key_reading(family, unread.key);
}

std::string objection(const UnreadKey& unread, KeyReading reading) {
  constexpr std::size_t kMaxShown = 60;
  std::string value = unread.value->dump();
  if (value.size() > kMaxShown) value = value.substr(0, kMaxShown) + "…";
  const auto meaning = kMeanings.find(unread.key);
  std::string text = fmt::format("{} is {}", escape(unread.path), escape(value));
  if (meaning != kMeanings.end()) text += " (" + meaning->second + ")";
  if (reading == KeyReading::unknown) text += " (which no code known here reads)";
  return text;
}

}  // namespace

std::vector<std::string> objections(const Config& config, std::string_view model_type) {
  const Family* family = find_family(model_type);
  const std::string_view name = family == nullptr ? model_type : family->model_types.front();
  const std::string type = config.text("model_type");
  const bool is_wrapper = type != model_type && find_family(type) != nullptr;
  std::vector<std::string> result;
  for (const UnreadKey& unread : config.unread()) {
    const KeyReading code = reading(unread, name, is_wrapper);
    if (code == KeyReading::never || is_neutral(unread)) continue;
    if (code == KeyReading::unknown && is_elsewhere(unread.key)) continue;
    result.push_back(objection(unread, code));
  }
  return result;
}

std::vector<std::string> ignored_keys(const Config& config) {
  std::vector<std::string> keys;
  for (const UnreadKey& unread : config.unread()) {
    if (!is_elsewhere(unread.path)) keys.push_back(unread.path);
  }
  return keys;
}

}  // namespace ovbake
