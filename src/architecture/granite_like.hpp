// What Granite's models share: the llama block with four scalars.
#pragma once

#include "architecture/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// With multipliers of embeddings, scores, residuals and logits.
Decoder granite_like(const Config& config);

}  // namespace ovbake
