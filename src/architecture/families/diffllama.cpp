// DiffLlama: the llama block, where what half of the heads attend to is taken from what the other
// half attend to.
#include <cmath>

#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "base/error.hpp"

namespace ovbake::diffllama {

extern const Family family{
    .model_types = {"diffllama"}, .describe = [](const Config& root) {
      const Config config = root.with_defaults({{"rms_norm_eps", 1e-5}});
      config.mark_read("lambda_std_dev");
      Decoder decoder = llama_like(config);
      double depth = 0;
      for (DecoderLayer& layer : decoder.layers) {
        Attention& attention = layer.self_attn();
        if (attention.num_key_value_heads % 2 != 0) {
          throw input_error("{}: num_key_value_heads {} cannot be halved.", config.where(),
                            attention.num_key_value_heads);
        }
        const auto lambda = [&](const std::string& name) {
          return TensorRef{layer.name + ".self_attn." + name, {attention.head_dim}, Role::vector};
        };
        attention.differences =
            HeadDifferences{.lambda_q1 = lambda("lambda_q1"),
                            .lambda_k1 = lambda("lambda_k1"),
                            .lambda_q2 = lambda("lambda_q2"),
                            .lambda_k2 = lambda("lambda_k2"),
                            .lambda_init = 0.8 - 0.6 * std::exp(-0.3 * depth++),
                            .norm = {.weight = std::nullopt, .eps = config.number("rms_norm_eps")}};
      }
      return decoder;
    }};

}  // namespace ovbake::diffllama
