#include "architecture/gemma_like.hpp"

#include <cmath>
#include <utility>

#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"
#include "base/half.hpp"

namespace ovbake {

double embedding_scale(const Config& config, std::int64_t size) {
  const auto scale = static_cast<float>(std::sqrt(static_cast<double>(size)));
  const std::string dtype = config.text(config.has("dtype") ? "dtype" : "torch_dtype", "float32");
  if (dtype == "bfloat16") return float_from_bf16(bf16_from_float(scale));
  if (dtype == "float16") return float_from_f16(f16_from_float(scale));
  return scale;
}

void sandwich_norms(DecoderLayer& layer, double eps, float weight_offset) {
  const std::int64_t hidden_size = layer.self_attn().o_proj.out_features();
  const auto make = [&](const std::string& name) {
    RmsNorm norm = rms_norm(layer.name + name, hidden_size, eps);
    norm.weight_offset = weight_offset;
    return norm;
  };
  layer.mixer->output_norm = std::exchange(layer.mlp->norm, make(".pre_feedforward_layernorm"));
  layer.mlp->output_norm = make(".post_feedforward_layernorm");
}

void cap_and_slide_as_gemma2(Decoder& decoder, const Config& config) {
  const auto cap = [&](std::string_view key) {
    return config.has(key) ? std::optional(config.number(key)) : std::nullopt;
  };
  decoder.final_logit_softcapping = cap("final_logit_softcapping");
  for (DecoderLayer& layer : decoder.layers) {
    layer.self_attn().scaling = 1 / std::sqrt(config.number("query_pre_attn_scalar", 256));
    layer.self_attn().logit_softcapping = cap("attn_logit_softcapping");
  }
  slide_layers(decoder, config, [](std::int64_t layer) { return layer % 2 == 0; });
}

Decoder gemma_like(const Config& config, std::string_view activation_key) {
  config.mark_read("hidden_act");
  Decoder decoder = llama_like(config.with_defaults({{"tie_word_embeddings", true}}));
  decoder.embedding_multiplier = embedding_scale(config, decoder.hidden_size);
  std::get<RmsNorm>(*decoder.norm).weight_offset = 1;
  for (DecoderLayer& layer : decoder.layers) {
    std::get<RmsNorm>(*layer.mixer->norm).weight_offset = 1;
    std::get<RmsNorm>(*layer.mlp->norm).weight_offset = 1;
    std::get<GatedMlp>(layer.mlp->body).hidden_act =
        activation(config, activation_key, "gelu_pytorch_tanh");
  }
  return decoder;
}

}  // namespace ovbake
