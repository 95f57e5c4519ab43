// Jais 2: the llama block with LayerNorms, biases, and an MLP without a gate and with a squared
// ReLU.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::jais2 {

extern const Family family{
    .model_types = {"jais2"}, .describe = [](const Config& root) {
      const Config config = root.with_defaults({{"attention_bias", true}, {"mlp_bias", true}});
      Decoder decoder =
          llama_like(config, [&](const std::string& name) { return ungated_mlp(config, name); });
      const double eps = config.number("layer_norm_eps", 1e-5);
      replace_norms(decoder, [&](const std::string& name) {
        return layer_norm(name, decoder.hidden_size, eps);
      });
      return decoder;
    }};

}  // namespace ovbake::jais2
