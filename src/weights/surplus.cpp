#include "weights/surplus.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "architecture/text_part.hpp"
#include "base/error.hpp"
#include "source/quantized_names.hpp"

namespace ovbake {
namespace {

using Words = std::span<const std::string_view>;
using Path = std::vector<std::string_view>;

/// Buffers by the name that a module registers them under. Frequencies and tables of positions,
/// masks and slopes all follow from config.json.
constexpr auto kBuffers = std::to_array<std::string_view>({"inv_freq",       "original_inv_freq",
                                                           "freqs_cis",      "cos_cached",
                                                           "sin_cached",     "cos_cache",
                                                           "sin_cache",      "position_ids",
                                                           "token_type_ids", "masked_bias",
                                                           "attn_mask",      "attention_mask",
                                                           "causal_mask",    "mask",
                                                           "tril",           "triu",
                                                           "alibi",          "slopes",
                                                           "slope_rate",     "query_decay",
                                                           "key_decay",      "diagonal_decay",
                                                           "norm_factor",    "scale_attn",
                                                           "_float_tensor",  "_extra_state"});

/// Modules that hold nothing but buffers: rotary embeddings have no parameters.
constexpr auto kRotary = std::to_array<std::string_view>(
    {"rope", "rotary_emb", "rotary_pos_emb", "rotary_embedding", "rotary"});

/// Parts of the names of modules that make tokens of what is not text, or text of another kind.
constexpr auto kModalities = std::to_array<std::string_view>({"vision",
                                                              "visual",
                                                              "image",
                                                              "video",
                                                              "audio",
                                                              "speech",
                                                              "sound",
                                                              "multi_modal",
                                                              "multimodal",
                                                              "projector",
                                                              "language_projection",
                                                              "resampler",
                                                              "perceiver",
                                                              "qformer",
                                                              "connector",
                                                              "aligner",
                                                              "abstractor",
                                                              "siglip",
                                                              "whisper",
                                                              "code2wav",
                                                              "token2wav"});
constexpr auto kModalityModules =
    std::to_array<std::string_view>({"mlp1", "vit", "vpm", "apm", "tts", "talker", "clip"});

/// Modules that guess tokens beyond the next one, for speculative decoding.
constexpr auto kDrafts =
    std::to_array<std::string_view>({"mtp", "nextn", "eagle", "medusa", "hydra", "draft"});

/// Modules that a layer has only if it predicts a further token: norms of the hidden state and of
/// the last token's embedding, the projection of both, a head and an embedding of its own.
constexpr auto kNextTokenModules =
    std::to_array<std::string_view>({"eh_proj", "enorm", "hnorm", "shared_head", "embed_tokens"});

/// Modules that read the last hidden states as lm_head does, and give a score or a class.
constexpr auto kOtherHeads = std::to_array<std::string_view>(
    {"v_head", "value_head", "score", "classifier", "reward_head", "reward", "critic", "rank_head",
     "regression_head", "classification_head", "qa_outputs", "pooler"});

/// What training keeps beside the model.
constexpr auto kTraining = std::to_array<std::string_view>(
    {"optimizer", "optim", "ema", "model_ema", "ema_model", "teacher", "loss", "criterion",
     "lr_scheduler", "scheduler", "grad_scaler", "global_step", "step", "epoch", "rng_state",
     "num_updates", "num_batches_tracked"});

Path components(std::string_view name) {
  Path path;
  for (std::size_t dot = name.find('.'); dot != name.npos; dot = name.find('.')) {
    path.push_back(name.substr(0, dot));
    name.remove_prefix(dot + 1);
  }
  path.push_back(name);
  return path;
}

bool has(Words words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool has_any(const Path& path, Words words) {
  return std::ranges::any_of(path, [&](std::string_view part) { return has(words, part); });
}

/// Whether a component contains one of `words`, such as "vision" in "vision_tower".
bool mentions_any(const Path& path, Words words) {
  return std::ranges::any_of(path, [&](std::string_view part) {
    return std::ranges::any_of(words, [&](auto word) { return part.find(word) != part.npos; });
  });
}

/// A causal mask that attention registers as its "bias", [1, 1, n, n]; one of a projection has a
/// single axis.
bool is_mask(const Path& path, const StoredTensor& stored) {
  const std::size_t rank = stored.shape.size();
  const bool of_attention = path.size() > 1 && path[path.size() - 2].starts_with("att");
  return path.back() == "bias" && of_attention && rank >= 2 &&
         stored.shape[rank - 1] == stored.shape[rank - 2];
}

/// Parameters are floating-point numbers: whole numbers count or name positions. Of those that a
/// router holds this is not sure, since they may name experts.
bool is_of_whole_numbers(const Path& path, const StoredTensor& stored) {
  constexpr auto kRouters = std::to_array<std::string_view>({"gate", "router", "experts"});
  return (stored.dtype == "I64" || stored.dtype == "BOOL") && !has_any(path, kRouters);
}

/// The table that sinusoidal positions are read from, which fairseq calls weights.
bool is_sinusoidal_table(const Path& path) {
  return path.size() > 1 && path.back() == "weights" && path[path.size() - 2] == "embed_positions";
}

bool is_buffer(const Path& path, const StoredTensor& stored) {
  return has(kBuffers, path.back()) || has_any(path, kRotary) || is_sinusoidal_table(path) ||
         is_mask(path, stored) || is_of_whole_numbers(path, stored);
}

bool is_of_adapter(const Path& path) {
  return std::ranges::any_of(path, [](auto part) { return part.starts_with("lora_"); });
}

/// What an optimizer keeps of each parameter, under the parameter's own name.
bool is_of_optimizer(const Path& path) {
  return path.back() == "exp_avg" || path.back() == "exp_avg_sq";
}

}  // namespace

SurplusJudge::SurplusJudge(const Decoder& decoder, const Checkpoint& checkpoint,
                           const StoredNames& names)
    : decoder_(decoder), names_(names), is_part_(describes_more_than_text(checkpoint.config())) {
  const std::string& first = decoder.layers.front().name;
  layers_stem_ = first.substr(0, first.rfind('.') + 1);
  home_ = names.prefix();
  if (home_.ends_with(".model.")) home_.erase(home_.size() - std::string_view("model.").size());
  for (const StoredTensor& stored : checkpoint.tensors()) {
    const auto layer = layer_of(names.described(stored.name).value_or(""));
    if (layer && has_any(components(stored.name), kNextTokenModules)) {
      next_token_layers_.insert(*layer);
    }
  }
}

/// Which of the layers "model.layers.N" a name of the description belongs to.
std::optional<std::size_t> SurplusJudge::layer_of(std::string_view name) const {
  if (!name.starts_with(layers_stem_)) return std::nullopt;
  name.remove_prefix(layers_stem_.size());
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  const bool is_number = error == std::errc() && end != name.data() + name.size() && *end == '.';
  return is_number ? std::optional(number) : std::nullopt;
}

/// A layer beyond the last one that joins the hidden state with an embedding predicts a further
/// token. A plain layer more than config.json says is a fault of one of the two.
std::string SurplusJudge::why_layer_counts(std::size_t layer) const {
  if (layer < decoder_.layers.size()) return "is stored, but the model has no use for it";
  if (next_token_layers_.contains(layer)) return "";
  return fmt::format("is stored, but the last of the {} layers of config.json is layer {}",
                     decoder_.layers.size(), decoder_.layers.size() - 1);
}

bool SurplusJudge::is_of_described_other_part(const std::string& name) const {
  return std::ranges::any_of(decoder_.other_parts,
                             [&](const std::string& part) { return name.starts_with(part); });
}

SurplusVerdict SurplusJudge::judge(const StoredTensor& stored) const {
  const Path path = components(stored.name);
  const std::optional<std::string> name = names_.described(stored.name);
  if (is_of_described_other_part(name.value_or(stored.name))) return {true, "read by no layer"};
  if (is_of_quantized_weight(stored.name)) return {false, "belongs to a quantized weight"};
  if (is_of_adapter(path)) return {false, "belongs to a LoRA adapter"};
  if (is_buffer(path, stored)) return {true, "computed from config.json"};
  if (is_of_optimizer(path)) return {true, "kept from training"};
  if (const auto layer = layer_of(name.value_or(""))) {
    std::string why = why_layer_counts(*layer);
    if (why.empty()) return {true, "predicts further tokens"};
    return {false, std::move(why)};
  }
  if (mentions_any(path, kDrafts)) return {true, "predicts further tokens"};
  if (has_any(path, kTraining)) return {true, "kept from training"};
  const bool is_of_modality = mentions_any(path, kModalities) || has_any(path, kModalityModules);
  const bool is_outside = is_part_ && !stored.name.starts_with(home_);
  if (is_of_modality || is_outside) return {true, "of another modality than text"};
  if (has_any(path, kOtherHeads)) return {true, "another head than lm_head"};
  return {false, "is stored, but the model has no use for it"};
}

}  // namespace ovbake
