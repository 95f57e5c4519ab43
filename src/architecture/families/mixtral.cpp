// Mixtral: mistral with a mixture of experts in every layer.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::mixtral {

extern const Family family{
    .model_types = {"mixtral"}, .describe = [](const Config& root) {
      const Config config = root.with_defaults({{"num_local_experts", 8},
                                                {"num_experts_per_tok", 2},
                                                {"norm_topk_prob", true},
                                                {"rms_norm_eps", 1e-5},
                                                {"rope_theta", 1'000'000.0}});
      const ExpertSizes sizes{.experts = config.count("num_local_experts"),
                              .intermediate_size = config.size("intermediate_size")};
      Decoder decoder = llama_like(config);
      for (DecoderLayer& layer : decoder.layers) {
        layer.mlp->body = softmax_mixture(config, layer.name + ".block_sparse_moe", sizes,
                                          {.gate_proj = "w1", .up_proj = "w3", .down_proj = "w2"});
      }
      slide_everywhere(decoder, config);
      return decoder;
    }};

}  // namespace ovbake::mixtral
