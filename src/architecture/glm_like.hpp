// What GLM-4 of both generations share: the llama block with gate and up in one projection, biases
// on queries, keys and values alone, and interleaved rotary pairs on half of the head.
#pragma once

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

constexpr double kGlmEps = 1.5625e-07;

Decoder glm_like(const Config& config);

}  // namespace ovbake
