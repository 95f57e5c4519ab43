#include "architecture/other_kinds.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"
#include "source/quantized_names.hpp"

namespace ovbake {
namespace {

/// Values of quantization_config.quant_method that families and encodings know.
constexpr auto kReadMethods = std::to_array<std::string_view>({"fp8", "mxfp4", "bitnet"});

bool has_tensor(const Checkpoint& checkpoint, std::string_view beginning) {
  return std::ranges::any_of(checkpoint.tensors(), [&](const StoredTensor& tensor) {
    return tensor.name.starts_with(beginning);
  });
}

/// The classes that config.json names, one behind the other.
std::string architectures(const Config& config) {
  if (!config.is_list("architectures")) return {};
  std::string all;
  for (const std::string& name : config.texts("architectures")) all += name + " ";
  return all;
}

void refuse_quantized(const Checkpoint& checkpoint) {
  constexpr std::string_view kSection = "quantization_config";
  const Config& config = checkpoint.config();
  std::string method(quantization_method(checkpoint.tensors()));
  if (config.is_object(kSection)) {
    const std::string named = config.section(kSection).text("quant_method", "");
    if (std::ranges::find(kReadMethods, named) != kReadMethods.end()) return;
    if (!named.empty()) method = named;
  }
  if (method.empty()) return;
  throw input_error(
      "The weights of {} are quantized by {}, which is not read; bake the checkpoint that they were "
      "quantized from.",
      checkpoint.folder().string(), method);
}

void refuse_draft(const Checkpoint& checkpoint) {
  const Config& config = checkpoint.config();
  const std::string classes = architectures(config);
  const auto names = [&](std::string_view word) { return classes.find(word) != classes.npos; };
  const bool is_eagle = names("Eagle") || names("EAGLE") || config.has("draft_vocab_size") ||
                        config.has("target_model_type") || has_tensor(checkpoint, "midlayer.") ||
                        (has_tensor(checkpoint, "d2t") && has_tensor(checkpoint, "t2d"));
  const bool is_dflash = names("DFlash") || names("Draft") || config.has("dflash_config") ||
                         config.has("num_target_layers");
  const bool is_medusa = config.has("medusa_num_heads");
  if (!is_eagle && !is_dflash && !is_medusa) return;
  throw input_error(
      "{} is {} draft: it guesses tokens from the hidden states of another model and is no language "
      "model by itself; bake the model that it was made for.",
      checkpoint.folder().string(), is_dflash ? "a DFlash" : (is_eagle ? "an EAGLE" : "a Medusa"));
}

/// Of which sort a model is that reads its last hidden states by another head than lm_head.
void refuse_other_heads(const Checkpoint& checkpoint) {
  const Config& config = checkpoint.config();
  const bool rewards = config.has("reward_token_id");
  if (stores_head(checkpoint) && !rewards) return;
  const std::string classes = architectures(config);
  const bool is_tied =
      config.has("tie_word_embeddings") && config.flag("tie_word_embeddings", false);
  const bool scores = has_tensor(checkpoint, "score.") || has_tensor(checkpoint, "v_head.") ||
                      has_tensor(checkpoint, "value_head.") ||
                      has_tensor(checkpoint, "reward_head.");
  if (classes.find("Classification") == classes.npos && classes.find("Reward") == classes.npos &&
      !rewards && (!scores || is_tied)) {
    return;
  }
  throw input_error(
      "{} is a reward model or a classifier, which gives scores and no logits of tokens; bake the "
      "language model that it was made from.",
      checkpoint.folder().string());
}

void refuse_embedding_model(const Checkpoint& checkpoint) {
  const Config& config = checkpoint.config();
  const auto says = [&](std::string_view key, bool usual) {
    return config.is_flag(key) && config.flag(key, usual) != usual;
  };
  if (!says("is_causal", true) && !says("use_bidirectional_attention", false)) return;
  throw input_error(
      "{} is an embedding model: in its attention every token sees all others ({}), so it generates "
      "no text and cannot be baked as a language model.",
      checkpoint.folder().string(),
      says("is_causal", true) ? "is_causal is false" : "use_bidirectional_attention is true");
}

bool is_head(std::string_view name) {
  constexpr auto kHeads = std::to_array<std::string_view>({"lm_head.weight", "embed_out.weight",
                                                           "output_projection.weight",
                                                           "output_layer.weight", "output.weight"});
  const bool is_in_layer = name.find("layers.") != name.npos;
  return !is_in_layer && std::ranges::any_of(kHeads, [&](std::string_view head) {
    return name.ends_with(head) &&
           (name.size() == head.size() || name[name.size() - head.size() - 1] == '.');
  });
}

}  // namespace

bool stores_head(const Checkpoint& checkpoint) {
  return std::ranges::any_of(checkpoint.tensors(), is_head, &StoredTensor::name) ||
         std::ranges::any_of(checkpoint.absent_tensors(), is_head);
}

void refuse_other_kinds(const Checkpoint& checkpoint) {
  refuse_draft(checkpoint);
  refuse_other_heads(checkpoint);
  refuse_embedding_model(checkpoint);
  refuse_quantized(checkpoint);
}

}  // namespace ovbake
