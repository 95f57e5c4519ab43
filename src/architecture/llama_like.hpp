// The block that most families share, as Llama defined it: RMS norms before attention and MLP,
// grouped heads with rotary positions, a gated MLP, tensors below "model.".
#pragma once

#include "architecture/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// The whole decoder as config.json describes it in Llama's words. Families adjust the result.
Decoder llama_like(const Config& config);

/// A bias for `linear`, stored beside its weight: "….bias", [out_features].
TensorRef bias_of(const Linear& linear);

}  // namespace ovbake
