// What the generations of MiniCPM share: tied embeddings, and factors for embeddings, residuals and
// logits.
#pragma once

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// config.json with what MiniCPM's own code takes where that is silent.
Config minicpm_words(const Config& config);

/// Sets the factors, and the rotary frequencies for long sequences where MiniCPM's code takes those
/// for all: its table is made for max_position_embeddings at once.
void scale_as_minicpm(Decoder& decoder, const Config& config);

}  // namespace ovbake
