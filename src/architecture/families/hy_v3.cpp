// Hunyuan 3: the llama block with an RMS norm on every query and key head, and DeepSeek's mixtures
// behind the first layer.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::hy_v3 {
namespace {

MixtureOfExperts mixture(const Config& config, const std::string& name) {
  return sigmoid_mixture(
      config, name,
      {.gate = "router.gate", .correction_bias = "expert_bias", .shared_experts = "shared_mlp"});
}

}  // namespace

extern const Family family{
    .model_types = {"hy_v3"}, .describe = [](const Config& root) {
      const Config config = in_deepseek_words(root).with_defaults(
          {{"num_key_value_heads", 8},
           {"head_dim", 128},
           {"n_routed_experts", 192},
           {"num_experts_per_tok", 8},
           {"moe_intermediate_size", 1536},
           {"routed_scaling_factor", root.number("router_scaling_factor", 2.826)},
           {"rope_theta", 11'158'840.0},
           {"rms_norm_eps", 1e-5}});
      config.mark_read("enable_moe_fp32_combine");
      Decoder decoder = llama_like(config);
      norm_heads(decoder, config.number("rms_norm_eps"));
      mix_as_listed(decoder, config.integer("first_k_dense_replace", 1), config, mixture);
      ignore_next_token_layers(decoder, config);
      return decoder;
    }};

}  // namespace ovbake::hy_v3
