// Solar Open: the llama block with DeepSeek's mixture in every layer.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::solar_open {

extern const Family family{
    .model_types = {"solar_open"}, .describe = [](const Config& root) {
      const Config config = root.with_defaults({{"num_key_value_heads", 8},
                                                {"head_dim", 128},
                                                {"n_routed_experts", 128},
                                                {"num_experts_per_tok", 8},
                                                {"moe_intermediate_size", 1280},
                                                {"rope_theta", 1'000'000.0},
                                                {"rms_norm_eps", 1e-5}});
      require_flag(config, "use_qk_norm", false);
      require_integer(config, "first_k_dense_replace", 0);
      config.mark_read("intermediate_size");
      Decoder decoder = llama_like(
          config, [&](const std::string& name) { return sigmoid_mixture(config, name); });
      for (DecoderLayer& layer : decoder.layers) layer.self_attn().o_proj.bias.reset();
      return decoder;
    }};

}  // namespace ovbake::solar_open
