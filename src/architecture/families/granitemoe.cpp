// Granite with experts: granite with a mixture in every layer, whose router takes the softmax of
// the chosen experts alone.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/granite_like.hpp"

namespace ovbake::granitemoe {

extern const Family family{
    .model_types = {"granitemoe"}, .describe = [](const Config& root) {
      const Config config =
          root.with_defaults({{"num_local_experts", 8}, {"num_experts_per_tok", 2}});
      Decoder decoder = granite_like(config);
      const ExpertSizes sizes{.experts = config.count("num_local_experts"),
                              .intermediate_size = config.size("intermediate_size")};
      for (DecoderLayer& layer : decoder.layers) {
        const std::string name = layer.name + ".block_sparse_moe";
        layer.mlp = MixtureOfExperts{
            .router = top_k_router(config, name + ".router.layer", sizes.experts,
                                   TopKRouter::Scoring::softmax_of_chosen),
            .experts = gated_experts(
                config, name, sizes,
                {.all_gate_up = "input_linear.weight", .all_down = "output_linear.weight"})};
      }
      return decoder;
    }};

}  // namespace ovbake::granitemoe
