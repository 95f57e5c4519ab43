// How much a weight is hurt by fewer bits, judged by its values alone.
#pragma once

#include <vector>

#include "compression/plan.hpp"

namespace ovbake {

/// NNCF's weight_quantization_error for each weight, to be taken in ascending order:
///   1 / (max over rows of mean((w − int8_asym(w))²) + eps)
/// with the eps of float16 for 16-bit weights and of float32 for others. Streams the weights once.
std::vector<double> sensitivity(const std::vector<PlannedTensor*>& weights,
                                const Checkpoint& checkpoint, unsigned threads);

}  // namespace ovbake
