// Qwen2 with experts: qwen2 whose layers, but for those that config.json lists, are mixtures, with
// an expert that sees every token behind a gate of its own.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::qwen2_moe {
namespace {

/// Every second of the first max_window_layers slides, unlike in other models of Qwen.
void slide_layers_of_qwen2_moe(Decoder& decoder, const Config& config) {
  const std::int64_t limit = config.integer("max_window_layers", 28);
  if (config.flag("use_sliding_window", false)) {
    slide_layers(decoder, config,
                 [&](std::int64_t layer) { return layer % 2 == 0 && layer < limit; });
  }
  for (const auto key : {"layer_types", "sliding_window"}) config.mark_read(key);
}

}  // namespace

extern const Family family{
    .model_types = {"qwen2_moe"}, .describe = [](const Config& config) {
      Decoder decoder = llama_like(config);
      const bool bias = config.flag("qkv_bias", true);
      for (DecoderLayer& layer : decoder.layers) {
        auto& [q_proj, k_proj, v_proj] = separate(layer.self_attn());
        for (Linear* projection : {&q_proj, &k_proj, &v_proj}) {
          if (bias) projection->bias = bias_of(*projection);
        }
      }
      mix_as_qwen(decoder, config);
      const std::int64_t inner = config.size("shared_expert_intermediate_size", 5632);
      for (DecoderLayer& layer : decoder.layers) {
        auto* moe = std::get_if<MixtureOfExperts>(&layer.mlp->body);
        if (moe == nullptr) continue;
        moe->shared_expert = {
            .mlp = gated_mlp(config, layer.name + ".mlp.shared_expert", inner),
            .gate = linear(layer.name + ".mlp.shared_expert_gate", 1, decoder.hidden_size, false)};
      }
      slide_layers_of_qwen2_moe(decoder, config);
      return decoder;
    }};

}  // namespace ovbake::qwen2_moe
