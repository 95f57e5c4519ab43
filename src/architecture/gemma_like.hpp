// What Gemma 1 and 2 share: the llama block with norms that multiply by 1 + weight, embeddings
// times sqrt(hidden_size), and tied embeddings.
#pragma once

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// `activation_key` is the key under which config.json names the MLP's activation.
Decoder gemma_like(const Config& config, std::string_view activation_key);

/// Norms before and behind both attention and MLP, with what their weights are offset by.
void sandwich_norms(DecoderLayer& layer, double eps, float weight_offset);

/// Gemma 2's scale of scores, soft-caps of scores and logits, and windows on every other layer.
void cap_and_slide_as_gemma2(Decoder& decoder, const Config& config);

/// sqrt(size) in the type of the weights, in which transformers keeps it.
double embedding_scale(const Config& config, std::int64_t size);

}  // namespace ovbake
