// Attention with linear biases (Press et al., 2021) in place of position embeddings.
#pragma once

#include "architecture/description/decoder.hpp"

namespace ovbake {

/// Slopes 2^(−8i/n) for the largest power of two n that is not above `heads`, then those of odd i
/// for 2n, as many as are still needed.
Alibi alibi(std::int64_t heads);

}  // namespace ovbake
