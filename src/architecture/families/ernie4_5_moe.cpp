// ERNIE 4.5 with experts: ernie4_5 with mixtures in some layers, whose router corrects softmax
// scores by a bias.
#include <algorithm>

#include "architecture/ernie_like.hpp"
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::ernie4_5_moe {
namespace {

MixtureOfExperts mixture(const Config& config, const std::string& name) {
  const ExpertSizes sizes{.experts = config.count("moe_num_experts"),
                          .intermediate_size = config.size("moe_intermediate_size")};
  TopKRouter router =
      top_k_router(config, name + ".gate", sizes.experts, TopKRouter::Scoring::softmax);
  router.correction_bias =
      TensorRef{name + ".moe_statics.e_score_correction_bias", {1, sizes.experts}, Role::vector};
  router.divisor = ScoreSum{.least = config.number("moe_norm_min")};
  MixtureOfExperts moe{.router = std::move(router), .experts = gated_experts(config, name, sizes)};
  if (config.integer("moe_num_shared_experts") > 0) {
    moe.shared_expert = shared_experts(config, name, config.count("moe_num_shared_experts"), sizes);
  }
  return moe;
}

}  // namespace

extern const Family family{
    .model_types = {"ernie4_5_moe"}, .describe = [](const Config& root) {
      const Config config =
          ernie_words(root.with_defaults({{"moe_num_experts", 64},
                                          {"moe_num_shared_experts", 2},
                                          {"moe_intermediate_size", 1536},
                                          {"moe_norm_min", 1e-12},
                                          {"num_experts_per_tok", root.count("moe_k", 6)}}));
      require_flag(config, "moe_use_aux_free", true);
      require_text(config, "moe_gate", "topk");
      for (const auto key : {"moe_capacity", "num_nextn_predict_layers"}) config.mark_read(key);
      Decoder decoder = ernie_like(config);
      if (config.flag("use_bias", false)) {
        decoder.lm_head.bias = TensorRef{"lm_head.bias", {decoder.vocab_size}, Role::vector};
      }
      const auto layers = static_cast<std::int64_t>(decoder.layers.size());
      const std::int64_t first = config.integer("moe_layer_start_index", 1);
      const std::int64_t stated_last = config.integer("moe_layer_end_index", -1);
      const std::int64_t last = stated_last == -1 ? layers - 1 : stated_last;
      const std::int64_t interval = config.size("moe_layer_interval", 1);
      for (std::int64_t i = std::max(first, std::int64_t{0}); i <= std::min(last, layers - 1);
           ++i) {
        if ((i + 1) % interval != 0) continue;
        DecoderLayer& layer = decoder.layers[static_cast<std::size_t>(i)];
        layer.mlp->body = mixture(config, layer.name + ".mlp");
      }
      decoder.other_parts.push_back("model.mtp");
      return decoder;
    }};

}  // namespace ovbake::ernie4_5_moe
