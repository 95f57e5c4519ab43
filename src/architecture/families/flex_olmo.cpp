// FlexOlmo: OLMo 2 with a mixture of experts in every layer.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/olmo_like.hpp"

namespace ovbake::flex_olmo {

extern const Family family{
    .model_types = {"flex_olmo"}, .describe = [](const Config& root) {
      const Config config = root.with_defaults({{"num_experts", 7},
                                                {"num_experts_per_tok", 5},
                                                {"rope_theta", 500'000.0},
                                                {"rms_norm_eps", 1e-6}});
      Decoder decoder = olmo_like(config);
      const ExpertSizes sizes{.experts = config.count("num_experts"),
                              .intermediate_size = config.size("intermediate_size")};
      for (DecoderLayer& layer : decoder.layers)
        layer.mlp->body = softmax_mixture(config, layer.name + ".mlp", sizes);
      return decoder;
    }};

}  // namespace ovbake::flex_olmo
