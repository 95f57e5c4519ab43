// DeepSeek-V2: latent attention, and mixtures chosen by softmax, maybe from the best groups. Scores
// are scaled by yarn's mscale, as DeepSeek's own code does and transformers 5.5 does not.
#include "architecture/deepseek_like.hpp"
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "base/error.hpp"

namespace ovbake::deepseek_v2 {
namespace {

std::optional<ExpertGroups> groups(const Config& config, std::int64_t experts) {
  const std::string method = config.text("topk_method", "greedy");
  for (const auto key : {"n_group", "topk_group"}) config.mark_read(key);
  if (method == "greedy") return std::nullopt;
  if (method != "group_limited_greedy") {
    throw input_error("{}: topk_method \"{}\" is not one that can be baked.", config.where(),
                      method);
  }
  return expert_groups(config, experts, 1);
}

MixtureOfExperts mixture(const Config& config, const std::string& name) {
  const ExpertSizes sizes{.experts = config.count("n_routed_experts"),
                          .intermediate_size = config.size("moe_intermediate_size")};
  TopKRouter router =
      top_k_router(config, name + ".gate", sizes.experts, TopKRouter::Scoring::softmax);
  router.groups = groups(config, sizes.experts);
  router.scaling = config.number("routed_scaling_factor", 1);
  MixtureOfExperts moe{.router = std::move(router), .experts = gated_experts(config, name, sizes)};
  if (config.has("n_shared_experts")) {
    moe.shared_expert = shared_experts(config, name, config.count("n_shared_experts"), sizes);
  }
  return moe;
}

}  // namespace

extern const Family family{
    .model_types = {"deepseek_v2"}, .describe = [](const Config& root) {
      const Config config = root.with_defaults({{"qk_nope_head_dim", 128},
                                                {"qk_rope_head_dim", 64},
                                                {"v_head_dim", 128},
                                                {"kv_lora_rank", 512},
                                                {"q_lora_rank", 1536},
                                                {"n_routed_experts", 64},
                                                {"n_shared_experts", 2},
                                                {"moe_intermediate_size", 1407}});
      require_text(config, "scoring_func", "softmax");
      require_flag(config, "norm_topk_prob", false);
      Decoder decoder = deepseek_like(config);
      mix_behind(decoder, config.integer("first_k_dense_replace", 0), config, mixture);
      return decoder;
    }};

}  // namespace ovbake::deepseek_v2
