// What DeepSeek's models share: multi-head latent attention with interleaved rotary pairs.
#pragma once

#include "architecture/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// With dense MLPs. Scores are scaled once more where yarn has an mscale_all_dim.
Decoder deepseek_like(const Config& config);

}  // namespace ovbake
