// What Granite's models share: the llama block with four scalars, mixtures whose router takes the
// softmax of the chosen experts alone, and in the models with windows a sink for each head.
#pragma once

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// With multipliers of embeddings, scores, residuals and logits.
Decoder granite_like(const Config& config);

/// granite_like with a mixture of experts in every layer.
Decoder granite_mixtures(const Config& config);

/// Adds to each mixture the MLP shared_mlp that sees every token, where shared_intermediate_size is
/// not 0.
void share_an_mlp(Decoder& decoder, const Config& config);

/// Gives each head a sink, windows to all layers but every fourth or as layer_types says, and each
/// layer the rope of its entry in layer_rope_theta, where 0 means none.
void slide_beside_sinks(Decoder& decoder, const Config& config);

}  // namespace ovbake
