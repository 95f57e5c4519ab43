// What the generations of Command share: attention and MLP side by side behind one LayerNorm
// without bias, interleaved rotary pairs, scaled logits, tied embeddings.
#pragma once

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

Decoder cohere_like(const Config& config);

}  // namespace ovbake
