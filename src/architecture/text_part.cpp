#include "architecture/text_part.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "base/error.hpp"

namespace ovbake {
namespace {

/// Sections that hold the configuration of a language model, innermost first.
constexpr auto kSections = std::to_array<std::string_view>(
    {"text_config", "llm_config", "language_config", "text_model_config", "llm_cfg"});

/// A section that holds a whole model of more modalities than text.
constexpr std::string_view kThinker = "thinker_config";

struct Wrapper {
  std::string_view model_type;
  std::string_view text;  ///< model_type of the language model where its section does not say it.
  bool text_at_root = false;  ///< The keys of the language model may stand beside vision_config.
};

/// Transformers' defaults of text_config (tests/record/wrappers.py), and models whose keys of the
/// language model stand at the top. A wrapper whose section names its model_type needs no line.
constexpr auto kWrappers = std::to_array<Wrapper>({
    {"audioflamingo3", "qwen2"},
    {"aya_vision", "cohere2"},
    {"blip-2", "opt"},
    {"cohere2_vision", "cohere2"},
    {"cosmos3_omni", "qwen3_vl_text"},
    {"deepseek_vl", "llama"},
    {"deepseek_vl_hybrid", "llama"},
    {"exaone4_5", "exaone4"},
    {"fast_vlm", "qwen2"},
    {"fun_asr_nano", "qwen3"},
    {"fuyu", "persimmon"},
    {"gemma3", "gemma3_text"},
    {"gemma4", "gemma4_text"},
    {"glmasr", "llama"},
    {"got_ocr2", "qwen2"},
    {"granite_speech", "granite"},
    {"granite_speech_plus", "granite"},
    {"hyperclovax_vision_v2", "hyperclovax"},
    {"idefics2", "mistral"},
    {"idefics3", "llama"},
    {"instructblip", "opt"},
    {"instructblipvideo", "opt"},
    {"internvl", "qwen2"},
    {"janus", "llama"},
    {"kimi_k25", "deepseek_v3"},
    {"lighton_ocr", "qwen3"},
    {"llama4", "llama4_text"},
    {"llava", "llama"},
    {"llava_llama", "llama", true},
    {"llava_mistral", "mistral", true},
    {"llava_next", "llama"},
    {"llava_next_video", "llama"},
    {"llava_onevision", "qwen2"},
    {"llava_qwen", "qwen2", true},
    {"llava_qwen2", "qwen2", true},
    {"mistral3", "mistral"},
    {"moss_transcribe_diarize", "qwen3"},
    {"muse_glimmer", "muse_glimmer_text"},
    {"musicflamingo", "qwen2"},
    {"omniasr", "llama"},
    {"ovis2", "qwen2"},
    {"perception_lm", "llama"},
    {"phi3_v", "phi3", true},
    {"pp_chart2table", "qwen2"},
    {"qianfan_ocr", "qwen3"},
    {"qwen2_5_vl", "qwen2_5_vl_text", true},
    {"qwen2_audio", "qwen2"},
    {"qwen2_vl", "qwen2_vl_text", true},
    {"qwen3_asr", "qwen3"},
    {"qwen3_vl", "qwen3_vl_text"},
    {"qwen3_vl_moe", "qwen3_vl_moe_text"},
    {"shieldgemma2", "gemma3_text"},
    {"smolvlm", "llama"},
    {"vibevoice", "qwen2"},
    {"vibevoice_asr", "qwen2"},
    {"video_llama_3", "qwen2"},
    {"video_llava", "llama"},
    {"vipllava", "llama"},
    {"voxtral", "llama"},
});

struct Sizes {
  std::string_view model_type;
  std::int64_t hidden_size, intermediate_size, num_key_value_heads, vocab_size;
};

/// What transformers' config classes of these families take for sizes that text_config leaves out,
/// as those of Llava 1.5 do; all have 32 layers of 32 heads.
constexpr auto kUsualSizes = std::to_array<Sizes>({
    {"llama", 4096, 11008, 32, 32000},
    {"mistral", 4096, 14336, 8, 32000},
    {"phi3", 3072, 8192, 32, 32064},
    {"qwen2", 4096, 22016, 32, 151936},
});

constexpr auto kPictures = std::to_array<std::string_view>(
    {"vision_config", "visual", "vision_encoder_config", "vision_model_config", "mm_vision_tower",
     "vision_tower", "img_processor", "image_token_id", "image_token_index"});
constexpr auto kSounds =
    std::to_array<std::string_view>({"audio_config", "audio_encoder_config", "speech_config",
                                     "audio_token_id", "audio_token_index"});

/// Parts of the names of keys that are about another modality than text.
constexpr auto kForeignWords =
    std::to_array<std::string_view>({"vision", "image", "img_", "video", "audio", "visual", "patch",
                                     "mm_", "tower", "freeze", "projector", "adapter"});

const Wrapper* find_wrapper(std::string_view model_type) {
  const auto* const found = std::ranges::find(kWrappers, model_type, &Wrapper::model_type);
  return found == kWrappers.end() ? nullptr : found;
}

Defaults usual_sizes(std::string_view model_type) {
  const auto* const sizes = std::ranges::find(kUsualSizes, model_type, &Sizes::model_type);
  if (sizes == kUsualSizes.end()) return {};
  return {{"hidden_size", sizes->hidden_size},
          {"intermediate_size", sizes->intermediate_size},
          {"num_hidden_layers", 32},
          {"num_attention_heads", 32},
          {"num_key_value_heads", sizes->num_key_value_heads},
          {"vocab_size", sizes->vocab_size}};
}

bool mentions_any(const std::string& key, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [&](auto word) { return key.find(word) != key.npos; });
}

/// What stands beside the section of a language model is about the whole or about other parts, but
/// for how all weights are stored and which way attention looks.
void mark_keys_beside(const Config& root) {
  constexpr auto kOfAll = std::to_array<std::string_view>({"quantization", "causal", "bidirect"});
  for (const std::string& key : root.unread_own_keys()) {
    if (!mentions_any(key, kOfAll)) root.mark_read(key);
  }
}

void mark_foreign_keys(const Config& root) {
  for (const std::string& key : root.unread_own_keys()) {
    if (mentions_any(key, kForeignWords)) root.mark_read(key);
  }
}

TextPart text_in(const Config& root, std::string_view section, const Wrapper* wrapper) {
  Defaults inherited;
  for (const std::string key : {"dtype", "torch_dtype"}) {
    if (root.has(key)) inherited.push_back({"dtype", root.text(key)});
  }
  if (root.has("tie_word_embeddings")) {
    inherited.push_back({"tie_word_embeddings", root.flag("tie_word_embeddings", false)});
  }
  if (wrapper != nullptr) inherited.push_back({"model_type", std::string(wrapper->text)});
  const Config part = root.section(section).with_defaults(inherited);
  const std::string model_type = part.text("model_type", "");
  mark_keys_beside(root);
  return {model_type, part.with_defaults(usual_sizes(model_type))};
}

/// Attention of PaliGemma looks both ways within the prompt (its processor's token_type_ids say so
/// to modeling_paligemma.py), which no causal graph does.
void refuse_prefix_models(const Config& root) {
  if (root.text("model_type", "") != "paligemma") return;
  throw input_error(
      "{}: paligemma reads its prompt in both directions, which cannot be baked as a causal "
      "language model; bake the gemma model that it was made from.",
      root.where());
}

bool has_any(const Config& config, std::span<const std::string_view> keys) {
  return std::ranges::any_of(keys, [&](std::string_view key) { return config.has(key); });
}

/// The word of one configuration, if it has one.
std::optional<bool> ties(const Config& config) {
  constexpr std::string_view kTie = "tie_word_embeddings";
  return config.has(kTie) ? std::optional(config.flag(kTie, false)) : std::nullopt;
}

/// Nothing where the model has no such section.
std::optional<std::string_view> section_of(const Config& root) {
  const auto* const found =
      std::ranges::find_if(kSections, [&](std::string_view key) { return root.is_object(key); });
  return found == kSections.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::optional<TextPart> find_text_part(const Config& root) {
  refuse_prefix_models(root);
  if (root.is_object(kThinker)) {
    auto part = find_text_part(root.section(kThinker));
    mark_keys_beside(root);
    return part;
  }
  const Wrapper* wrapper = find_wrapper(root.text("model_type", ""));
  if (const auto section = section_of(root)) return text_in(root, *section, wrapper);
  if (wrapper == nullptr || !wrapper->text_at_root) return std::nullopt;
  mark_foreign_keys(root);
  return TextPart{std::string(wrapper->text), root};
}

void tie_as_part(Decoder& decoder, const Config& root, bool stores_head) {
  if (root.is_object(kThinker)) return tie_as_part(decoder, root.section(kThinker), stores_head);
  const auto section = section_of(root);
  if (!section) return;
  const std::optional<bool> whole = ties(root);
  const std::optional<bool> part = ties(root.section(*section));
  const bool contradictory = whole && part && *whole != *part;
  const bool tied = contradictory ? !stores_head : whole.value_or(part.value_or(!stores_head));
  const TensorRef& table = decoder.embed_tokens;
  if (tied) {
    decoder.lm_head.weight = table;
  } else if (decoder.tie_word_embeddings()) {
    decoder.lm_head.weight = {"lm_head.weight", table.shape, Role::lm_head};
  }
}

std::vector<std::string> other_modalities(const Config& root) {
  if (root.is_object(kThinker)) return other_modalities(root.section(kThinker));
  std::vector<std::string> result;
  if (has_any(root, kPictures)) result.emplace_back("pictures");
  if (has_any(root, kSounds)) result.emplace_back("sounds");
  return result;
}

bool describes_more_than_text(const Config& root) {
  return root.is_object(kThinker) || section_of(root) || !other_modalities(root).empty();
}

}  // namespace ovbake
