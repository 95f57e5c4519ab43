// What DeepSeek's models share: multi-head latent attention, mostly with interleaved rotary pairs.
#pragma once

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// With dense MLPs. Scores are scaled once more where yarn has an mscale_all_dim.
Decoder deepseek_like(const Config& config);

/// Leaves out the indexers of DeepSeek's sparse attention, which choose all positions up to
/// index_topk.
void stay_within_the_index(Decoder& decoder, const Config& config);

}  // namespace ovbake
