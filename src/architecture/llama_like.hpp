// The block that most families share, as Llama defined it: RMS norms before attention and MLP,
// grouped heads with rotary positions, a gated MLP, tensors below "model.". Families that differ
// adjust the result, or build their layers from the pieces.
#pragma once

#include <string>

#include "architecture/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// The whole decoder as config.json describes it in Llama's words.
Decoder llama_like(const Config& config);

// ---- pieces, named after the module they stand for ("model.layers.0.mlp")

Linear linear(const std::string& name, std::int64_t out_features, std::int64_t in_features,
              bool with_bias);
/// A bias for `linear`, stored beside its weight: "….bias", [out_features].
TensorRef bias_of(const Linear& linear);
RmsNorm rms_norm(const std::string& name, std::int64_t size, double eps);
LayerNorm layer_norm(const std::string& name, std::int64_t size, double eps, bool with_bias = true);

/// config.json's hidden_act, or what stands under another `key`; `fallback` where it is absent.
Activation activation(const Config& config, std::string_view key = "hidden_act",
                      std::string_view fallback = "silu");

/// The projections of an attention that keeps them apart.
SeparateProjections& separate(Attention& attention);

}  // namespace ovbake
