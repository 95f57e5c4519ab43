// Command with experts: cohere2 with a mixture in every layer but the first, whose layers may have
// RMS norms in the place of LayerNorms.
#include "architecture/cohere_like.hpp"
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/layer_kinds.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"
#include "base/error.hpp"

namespace ovbake::cohere2_moe {
namespace {

TopKRouter router(const Config& config, const std::string& gate, std::int64_t experts) {
  const std::string function = config.text("expert_selection_fn", "softmax");
  if (function == "softmax")
    return top_k_router(config, gate, experts, TopKRouter::Scoring::softmax_of_chosen);
  require_text(config, "expert_selection_fn", "sigmoid");
  TopKRouter router = top_k_router(config, gate, experts, TopKRouter::Scoring::sigmoid);
  if (config.flag("norm_topk_prob", true)) router.divisor = ScoreSum{};
  return router;
}

MixtureOfExperts mixture(const Config& config, const std::string& name) {
  const ExpertSizes sizes{.experts = config.count("num_experts"),
                          .intermediate_size = config.size("intermediate_size")};
  MixtureOfExperts moe{.router = router(config, name + ".gate", sizes.experts),
                       .experts = gated_experts(config, name, sizes)};
  if (config.integer("num_shared_experts", 0) > 0)
    moe.shared_expert = shared_experts(config, name, config.count("num_shared_experts"), sizes);
  return moe;
}

/// Whether what chosen and shared experts make is averaged, and not added.
bool averages(const Config& config) {
  const std::string strategy = config.text("shared_expert_combination_strategy", "average");
  if (strategy == "average") return config.integer("num_shared_experts", 0) > 0;
  require_text(config, "shared_expert_combination_strategy", "sum");
  return false;
}

/// Dense layers come first and have a pattern of their own.
void slide(Decoder& decoder, const Config& config, std::int64_t dense) {
  const std::int64_t dense_pattern = config.size("prefix_dense_sliding_window_pattern", 1);
  const std::int64_t pattern = config.size("sliding_window_pattern", 4);
  slide_layers(decoder, config, [&](std::int64_t layer) {
    return layer < dense ? (layer + 1) % dense_pattern != 0 : (layer - dense + 1) % pattern != 0;
  });
}

void use_rms_norms(Decoder& decoder, double eps) {
  decoder.norm = rms_norm("model.norm", decoder.hidden_size, eps);
  for (DecoderLayer& layer : decoder.layers)
    layer.mixer->norm = rms_norm(layer.name + ".input_layernorm", decoder.hidden_size, eps);
}

Decoder describe_cohere2_moe(const Config& root) {
  const Config config = root.with_defaults({{"head_dim", 128},
                                            {"num_experts", 8},
                                            {"num_experts_per_tok", 2},
                                            {"sliding_window", 4096}});
  Decoder decoder = cohere_like(config);
  if (config.has("rms_norm_eps")) use_rms_norms(decoder, config.number("rms_norm_eps"));
  const std::int64_t dense = config.integer("first_k_dense_replace", 0);
  slide(decoder, config, dense);
  mix_as_listed(decoder, dense, config, mixture);
  const bool dense_layers_rotate = config.size("prefix_dense_sliding_window_pattern", 1) == 1;
  const double share = averages(config) ? 0.5 : 1;
  for (const std::string_view key : {"norm_topk_prob", "prefix_dense_intermediate_size"})
    config.mark_read(key);
  for (DecoderLayer& layer : decoder.layers) {
    const bool is_dense = std::holds_alternative<GatedMlp>(layer.mlp->body);
    if (!layer.self_attn().window && !(is_dense && dense_layers_rotate))
      layer.self_attn().rope.reset();
    if (!is_dense) layer.mlp->residual.branch = share;
    if (is_dense && config.has("prefix_dense_intermediate_size"))
      layer.mlp->body =
          gated_mlp(config, layer.name + ".mlp", config.size("prefix_dense_intermediate_size"));
  }
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"cohere2_moe"}, .describe = describe_cohere2_moe};

}  // namespace ovbake::cohere2_moe
