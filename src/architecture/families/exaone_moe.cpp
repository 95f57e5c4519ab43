// K-EXAONE: the llama block with an RMS norm on every query and key head, where layers that see all
// positions do not know them, and DeepSeek's mixtures behind the first layer.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::exaone_moe {
namespace {

MixtureOfExperts mixture(const Config& config, const std::string& name) {
  return sigmoid_mixture(config, name, {.correction_bias = "e_score_correction_bias"});
}

}  // namespace

extern const Family family{
    .model_types = {"exaone_moe"}, .describe = [](const Config& root) {
      const Config config = in_deepseek_words(root).with_defaults({{"n_routed_experts", 64},
                                                                   {"num_experts_per_tok", 8},
                                                                   {"moe_intermediate_size", 1024},
                                                                   {"routed_scaling_factor", 2.5},
                                                                   {"first_k_dense_replace", 1},
                                                                   {"sliding_window", 4096},
                                                                   {"rms_norm_eps", 1e-5}});
      Decoder decoder = llama_like(config);
      norm_heads(decoder, config.number("rms_norm_eps"));
      const bool hybrid = config.has("sliding_window");
      if (hybrid) slide_between(decoder, config, 4);
      for (const auto key : {"layer_types", "sliding_window_pattern", "num_nextn_predict_layers"})
        config.mark_read(key);
      for (DecoderLayer& layer : decoder.layers) {
        if (hybrid && !layer.self_attn().window) layer.self_attn().rope.reset();
      }
      mix_as_listed(decoder, config.integer("first_k_dense_replace"), config, mixture);
      decoder.other_parts.push_back("mtp.");
      return decoder;
    }};

}  // namespace ovbake::exaone_moe
