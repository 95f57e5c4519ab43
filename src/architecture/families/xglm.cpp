// XGLM: sinusoidal positions, embeddings times sqrt(hidden_size).
#include <cmath>

#include "architecture/fairseq_like.hpp"
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"
#include "base/error.hpp"

namespace ovbake::xglm {
namespace {

/// Frequencies from 1 down to 1/10000, both included.
SinusoidalPositions sinusoidal_positions(const Config& config, std::int64_t hidden_size) {
  if (hidden_size < 4 || hidden_size % 2 != 0) {
    throw input_error("{}: d_model {} cannot be filled with pairs of sine and cosine.",
                      config.where(), hidden_size);
  }
  const std::int64_t half = hidden_size / 2;
  const auto step = static_cast<float>(std::log(10000.0) / static_cast<double>(half - 1));
  SinusoidalPositions positions{.inv_freq = {}, .offset = kFairseqOffset};
  for (std::int64_t i = 0; i < half; ++i) {
    positions.inv_freq.push_back(std::exp(static_cast<float>(i) * -step));
  }
  return positions;
}

Decoder describe_xglm(const Config& config) {
  require_flag(config, "add_cross_attention", false);
  const std::int64_t hidden_size = config.count("d_model");
  const FairseqSizes sizes{.hidden_size = hidden_size,
                           .num_heads = config.count("attention_heads"),
                           .inner_size = config.size("ffn_dim"),
                           .hidden_act = activation(config, "activation_function", "gelu")};
  Decoder decoder =
      framed(config,
             {.hidden_size = hidden_size,
              .num_hidden_layers = config.count("num_layers"),
              .embed_tokens = "model.embed_tokens",
              .layers = "model.layers",
              .norm = fairseq_norm("model.layer_norm", hidden_size),
              .tie_word_embeddings = true},
             [&](const std::string& name) { return fairseq_layer(config, name, sizes); });
  decoder.embedding_multiplier = fairseq_embedding_scale(config, hidden_size);
  decoder.embed_positions = sinusoidal_positions(config, hidden_size);
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"xglm"}, .describe = describe_xglm};

}  // namespace ovbake::xglm
