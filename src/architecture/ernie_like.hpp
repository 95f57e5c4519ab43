// What ERNIE 4.5's models share: the llama block with interleaved rotary pairs and, where use_bias
// says so, biases.
#pragma once

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// `config` in Llama's words.
Config ernie_words(const Config& config);

/// Of a config in Llama's words.
Decoder ernie_like(const Config& config);

}  // namespace ovbake
