#include "architecture/text_part.hpp"

namespace ovbake {
namespace {

constexpr std::string_view kSection = "text_config";

}  // namespace

Config text_part(const Config& root, Defaults defaults) {
  if (!root.has(kSection)) return root.with_defaults(defaults);
  for (const std::string key : {"dtype", "torch_dtype"}) {
    if (root.has(key)) defaults.push_back({"dtype", root.text(key)});
  }
  if (root.has("tie_word_embeddings")) {
    defaults.push_back({"tie_word_embeddings", root.flag("tie_word_embeddings", true)});
  }
  return root.section(kSection).with_defaults(defaults);
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
