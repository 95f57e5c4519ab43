// AFMoE (Trinity): norms before and behind attention and MLP, heads that a gate lets through, and
// mixtures chosen by sigmoids behind the first layers. Only layers that see a window turn heads.
#include <cmath>

#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::afmoe {
namespace {

MixtureOfExperts mixture(const Config& config, const std::string& name) {
  const ExpertSizes sizes{.experts = config.count("num_experts"),
                          .intermediate_size = config.size("moe_intermediate_size")};
  TopKRouter router =
      top_k_router(config, name + ".router.gate", sizes.experts, TopKRouter::Scoring::sigmoid);
  router.correction_bias = TensorRef{name + ".expert_bias", {sizes.experts}, Role::vector};
  router.divisor = ScoreSum{.eps = 1e-20};
  router.scaling = config.number("route_scale", 1);
  return {.router = std::move(router),
          .experts = gated_experts(config, name, sizes),
          .shared_expert = shared_experts(config, name, config.count("num_shared_experts"), sizes)};
}

void set_norms(DecoderLayer& layer, std::int64_t hidden_size, double eps) {
  const auto norm = [&](const std::string& name) {
    return rms_norm(layer.name + name, hidden_size, eps);
  };
  layer.mixer->output_norm = norm(".post_attention_layernorm");
  layer.mlp->norm = norm(".pre_mlp_layernorm");
  layer.mlp->output_norm = norm(".post_mlp_layernorm");
}

}  // namespace

extern const Family family{
    .model_types = {"afmoe"}, .describe = [](const Config& root) {
      const Config config = root.with_defaults({{"num_experts", 64},
                                                {"num_experts_per_tok", 6},
                                                {"num_shared_experts", 2},
                                                {"moe_intermediate_size", 1408},
                                                {"head_dim", 128},
                                                {"sliding_window", 1024},
                                                {"rms_norm_eps", 1e-5}});
      require_text(config, "score_func", "sigmoid");
      require_flag(config, "route_norm", true);
      Decoder decoder = llama_like(config);
      const double eps = config.number("rms_norm_eps");
      const std::int64_t hidden_size = decoder.hidden_size;
      if (config.flag("mup_enabled", false)) {
        decoder.embedding_multiplier = std::sqrt(static_cast<double>(hidden_size));
      }
      const std::int64_t period = config.size("global_attn_every_n_layers", 4);
      slide_layers(decoder, config, [&](std::int64_t layer) { return (layer + 1) % period != 0; });
      for (DecoderLayer& layer : decoder.layers) {
        Attention& attention = layer.self_attn();
        if (!attention.window) attention.rope.reset();
        attention.qk_norm = rms_norms_of_heads(layer, eps);
        attention.output_gate =
            linear(layer.name + ".self_attn.gate_proj",
                   attention.num_attention_heads * attention.head_dim, hidden_size, false);
        set_norms(layer, hidden_size, eps);
      }
      mix_behind(decoder, config.integer("num_dense_layers", 1), config, mixture);
      return decoder;
    }};

}  // namespace ovbake::afmoe
