#include "architecture/minicpm_like.hpp"

#include <cmath>

namespace ovbake {
namespace {

void use_long_frequencies(Rope& rope, std::int64_t max_position_embeddings) {
  const auto* longer = std::get_if<LongFrequencies>(&rope.beyond);
  if (longer == nullptr) return;
  if (max_position_embeddings <= longer->original_max_position_embeddings) return;
  rope.inv_freq = std::vector(longer->inv_freq);
  rope.beyond = std::monostate();
}

}  // namespace

Config minicpm_words(const Config& config) {
  return config.with_defaults({{"tie_word_embeddings", true}, {"max_position_embeddings", 2048}});
}

void scale_as_minicpm(Decoder& decoder, const Config& config) {
  config.mark_read("mup_denominator");
  const auto layers = static_cast<double>(decoder.layers.size());
  const double residual = config.number("scale_depth", 1) / std::sqrt(layers);
  decoder.embedding_multiplier = config.number("scale_emb", 1);
  decoder.logits_multiplier =
      config.number("dim_model_base", 1) / static_cast<double>(decoder.hidden_size);
  for (DecoderLayer& layer : decoder.layers) {
    layer.mixer->residual.branch = layer.mlp->residual.branch = residual;
    use_long_frequencies(*layer.self_attn().rope, config.size("max_position_embeddings"));
  }
}

}  // namespace ovbake
