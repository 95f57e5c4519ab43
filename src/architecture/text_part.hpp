// The language model within a checkpoint of more: one that also reads pictures or sounds has its
// language model described in a section of config.json, or among its own keys.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

struct TextPart {
  std::string model_type;  ///< A family's, such as "llama".
  Config config;
};

/// The language model that `root` has as a part; nothing where `root` describes nothing else. The
/// section that holds it counts as understood, as do the keys of `root` beside it, which no code of
/// a language model gets to see.
std::optional<TextPart> find_text_part(const Config& root);

/// Ties lm_head as the whole model does: its word on tie_word_embeddings goes before that of the
/// part. Where neither says so, or they contradict each other, `stores_head` decides: only a
/// checkpoint that ties can do without a head.
void tie_as_part(Decoder& decoder, const Config& root, bool stores_head);

/// "pictures", "sounds": what the model takes beside text, by the sections and keys of config.json.
std::vector<std::string> other_modalities(const Config& root);

/// Whether a checkpoint holds more than a language model.
bool describes_more_than_text(const Config& root);

}  // namespace ovbake
