// What the families share that were trained with fairseq: biases everywhere, LayerNorms with an eps
// of their own, positions counted from 2.
#pragma once

#include <string>

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// Positions begin here in tables and formulas.
inline constexpr std::int64_t kFairseqOffset = 2;

struct FairseqSizes {
  std::int64_t hidden_size;
  std::int64_t num_heads;
  std::int64_t inner_size;
  Activation hidden_act;
  bool bias = true;
  bool norm_weights = true;
};

/// The LayerNorm of fairseq, whatever config.json says of its eps.
LayerNorm fairseq_norm(const std::string& name, std::int64_t size, bool with_weights = true);

DecoderLayer fairseq_layer(const Config& config, const std::string& name,
                           const FairseqSizes& sizes);

/// sqrt(hidden_size) where config.json's scale_embedding is on, as it is where that is silent.
double fairseq_embedding_scale(const Config& config, std::int64_t hidden_size);

}  // namespace ovbake
