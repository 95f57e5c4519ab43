#include "architecture/text_part.hpp"

namespace ovbake {
namespace {

constexpr std::string_view kSection = "text_config";

}  // namespace

Config text_part(const Config& root, Json defaults) {
  if (!root.has(kSection)) return root.with_defaults(std::move(defaults));
  for (const std::string key : {"dtype", "torch_dtype"}) {
    if (root.has(key)) defaults["dtype"] = root.text(key);
  }
  if (root.has("tie_word_embeddings")) {
    defaults["tie_word_embeddings"] = root.flag("tie_word_embeddings", true);
  }
  return root.section(kSection).with_defaults(std::move(defaults));
}

void name_as_part(Decoder& decoder, const Config& root) {
  if (!root.has(kSection)) return;
  decoder.renamings = {{"model.", "language_model.model."},
                       {"model.", "model.language_model."},
                       {"model.", "model.language_model.model."},
                       {"lm_head.", "language_model.lm_head."}};
  for (const std::string part : {"vision_tower.", "vision_model.", "audio_tower.",
                                 "multi_modal_projector.", "embed_vision.", "embed_audio."}) {
    decoder.other_parts.push_back(part);
    decoder.other_parts.push_back("model." + part);
  }
}

}  // namespace ovbake
