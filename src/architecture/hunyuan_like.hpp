// What Hunyuan's models share: the llama block with an RMS norm on every query and key head once it
// is turned.
#pragma once

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// "Dynamic" rope with an alpha is a larger base, whatever the length.
Decoder hunyuan_like(const Config& config);

}  // namespace ovbake
