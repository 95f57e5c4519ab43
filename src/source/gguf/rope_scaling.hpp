// The rope_scaling of config.json from what a GGUF file says of rotary frequencies.
#pragma once

#include "base/json.hpp"
#include "source/gguf/architecture.hpp"

namespace ovbake {

/// Null where frequencies are not scaled. `head_dim` is the rotated part of a head.
Json rope_scaling(const GgufModel& model, double theta, std::int64_t rotary_dim);

}  // namespace ovbake
