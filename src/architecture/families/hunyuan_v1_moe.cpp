// Hunyuan with experts: a mixture in every layer, beside an MLP that sees every token. Some of its
// numbers are lists with one entry a layer.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/hunyuan_like.hpp"
#include "architecture/llama_like.hpp"
#include "base/error.hpp"

namespace ovbake::hunyuan_v1_moe {
namespace {

std::int64_t of_layer(const Config& config, const std::string& key, std::size_t layer) {
  if (!config.is_list(key)) return config.count(key);
  const std::vector<std::int64_t> all = config.integers(key);
  if (layer < all.size() && all[layer] > 0) return all[layer];
  throw input_error("{}: {} has no entry above 0 for layer {}.", config.where(), key, layer);
}

}  // namespace

extern const Family family{
    .model_types = {"hunyuan_v1_moe"}, .describe = [](const Config& root) {
      const Config config = root.with_defaults({{"moe_topk", 1}});
      Decoder decoder = hunyuan_like(config);
      const std::int64_t inner = config.size("intermediate_size");
      for (std::size_t i = 0; i < decoder.layers.size(); ++i) {
        DecoderLayer& layer = decoder.layers[i];
        const std::string name = layer.name + ".mlp";
        const ExpertSizes sizes{.experts = of_layer(config, "num_experts", i),
                                .intermediate_size = inner};
        TopKRouter router = top_k_router(
            config, name + ".gate.wg",
            ExpertChoice{.experts = sizes.experts, .top_k = of_layer(config, "moe_topk", i)},
            TopKRouter::Scoring::softmax);
        router.divisor = ScoreSum{};
        layer.mlp->body = MixtureOfExperts{
            .router = std::move(router),
            .experts = gated_experts(config, name, sizes),
            .shared_expert = SharedExpert{.mlp = gated_mlp(config, name + ".shared_mlp", inner)}};
      }
      return decoder;
    }};

}  // namespace ovbake::hunyuan_v1_moe
