// The block that most families share, as Llama defined it: RMS norms before attention and MLP,
// grouped heads with rotary positions, a gated MLP, tensors below "model.". Families that differ
// adjust the result, or build their layers from the pieces.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// The MLP of a layer, by its name.
using MlpMaker = std::function<Mlp(const std::string& name)>;

/// The whole decoder as config.json describes it in Llama's words, with another MLP where one is
/// given.
Decoder llama_like(const Config& config, const MlpMaker& mlp = {});

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

struct HeadSizes {
  std::int64_t num_attention_heads;
  std::int64_t num_key_value_heads;
  std::int64_t head_dim;
};

/// Attention with projections of its own for queries, keys and values, and no rope yet. Throws an
/// input error where the heads cannot be grouped.
Attention grouped_attention(const Config& config, const std::string& name, const HeadSizes& sizes);

GatedMlp gated_mlp(const Config& config, const std::string& name, std::int64_t intermediate_size);
/// up_proj and down_proj alone; a squared ReLU where config.json is silent.
PlainMlp ungated_mlp(const Config& config, const std::string& name);

/// The projections of an attention that keeps them apart.
SeparateProjections& separate(Attention& attention);

/// RMS norms of every query head and key head, stored beside the projections.
QueryKeyNorm rms_norms_of_heads(const DecoderLayer& layer, double eps,
                                const std::string& q_norm = "q_norm",
                                const std::string& k_norm = "k_norm");

// ---- rearrangements of the whole model

/// Gives every layer norms of its heads: rms_norms_of_heads by their usual names.
void norm_heads(Decoder& decoder, double eps);

/// Puts make("model.norm") and the like in the places of all norms but those of heads.
void replace_norms(Decoder& decoder, const std::function<Norm(const std::string& name)>& make);

// ---- rearrangements of a whole layer

/// Gate and up become one projection, gate_up_proj.
void fuse_gate_and_up(DecoderLayer& layer);

/// The norms stand behind attention and MLP, as post_attention_layernorm and
/// post_feedforward_layernorm, instead of before them.
void move_norms_behind(DecoderLayer& layer, double eps);

}  // namespace ovbake
