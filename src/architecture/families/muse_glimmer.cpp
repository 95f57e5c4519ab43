// Muse Glimmer without its vision tower: norms before and behind attention and MLP, weightless
// norms on every query and key head, and heads that a gate lets through; every fourth layer sees
// all positions and does not know them.
#include "architecture/family.hpp"
#include "architecture/gemma_like.hpp"
#include "architecture/layer_kinds.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::muse_glimmer {
namespace {

Defaults defaults() {
  return {{"model_type", "muse_glimmer_text"},
          {"vocab_size", 202048},
          {"hidden_size", 6656},
          {"intermediate_size", 19968},
          {"num_hidden_layers", 52},
          {"num_attention_heads", 32},
          {"num_key_value_heads", 2},
          {"head_dim", 128},
          {"hidden_activation", "silu"},
          {"rms_norm_eps", 1e-5},
          {"post_norm_eps", 1e-8},
          {"sliding_window", 2048},
          {"final_logit_softcapping", 20.0},
          {"qk_scale_factor", 3.87},
          {"output_multiplier", 0.19611613513818404}};
}

/// Norms that multiply by 1 + weight, those behind attention and MLP with an epsilon of their own.
void set_norms(DecoderLayer& layer, const Config& config) {
  sandwich_norms(layer, config.number("post_norm_eps"), 1);
  for (auto* norm : {&layer.mixer->norm, &layer.mixer->output_norm, &layer.mlp->norm})
    std::get<RmsNorm>(**norm).weight_offset = 1;
  std::get<RmsNorm>(*layer.mixer->output_norm).eps = config.number("post_norm_eps");
  std::get<RmsNorm>(*layer.mlp->norm).eps = config.number("rms_norm_eps");
}

void set_attention(DecoderLayer& layer, const Config& config, std::int64_t hidden_size) {
  Attention& attention = layer.self_attn();
  const RmsNorm unit{.weight = std::nullopt, .eps = config.number("rms_norm_eps")};
  attention.qk_norm = QueryKeyNorm{.q_norm = unit, .k_norm = unit};
  attention.scaling *= config.number("qk_scale_factor");
  attention.output_gate =
      linear(layer.name + ".self_attn.gate_proj",
             attention.num_attention_heads * attention.head_dim, hidden_size, false);
}

/// Layers whose entry in layer_rope_theta is not 0; where config.json is silent, all but every
/// fourth, counted from the last.
std::vector<bool> rotary_layers_of(const Config& config, std::int64_t layers) {
  std::vector<bool> result;
  if (!config.has("layer_rope_theta")) {
    for (std::int64_t i = 0; i < layers; ++i) result.push_back((layers - 1 - i) % 4 != 0);
    return result;
  }
  for (const double theta : config.numbers("layer_rope_theta")) result.push_back(theta != 0);
  require_one_each(config, "layer_rope_theta", result.size(), static_cast<std::size_t>(layers));
  return result;
}

Decoder describe_muse(const Config& given) {
  const Config config = given.with_defaults(defaults());
  Decoder decoder = llama_like(config);
  const auto layers = static_cast<std::int64_t>(decoder.layers.size());
  const RmsNorm unit{.weight = std::nullopt, .eps = config.number("rms_norm_eps")};
  decoder.embedding_norm = unit;
  decoder.logits_multiplier = config.number("output_multiplier");
  decoder.final_logit_softcapping = config.number("final_logit_softcapping");
  slide_layers(decoder, config, [&](std::int64_t layer) { return (layers - 1 - layer) % 4 != 0; });
  const std::vector<bool> rotary = rotary_layers_of(config, layers);
  for (std::size_t i = 0; i < rotary.size(); ++i) {
    DecoderLayer& layer = decoder.layers[i];
    set_norms(layer, config);
    set_attention(layer, config, decoder.hidden_size);
    std::get<GatedMlp>(layer.mlp->body).hidden_act = activation(config, "hidden_activation");
    if (!rotary[i]) layer.self_attn().rope.reset();
  }
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"muse_glimmer_text"}, .describe = describe_muse};

}  // namespace ovbake::muse_glimmer
