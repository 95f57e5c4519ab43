// What OLMo 2 and 3 share: the llama block with norms behind attention and MLP instead of before
// them, and an RMS norm over all queries and all keys at once.
#pragma once

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

Decoder olmo_like(const Config& config);

/// RMS norms over all queries and all keys at once, stored beside the projections.
QueryKeyNorm rms_norms_of_projections(DecoderLayer& layer, double eps);

}  // namespace ovbake
