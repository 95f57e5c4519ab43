// Nemotron-4 and Minitron: LayerNorms that multiply by 1 + weight, an MLP without a gate and with a
// squared ReLU, rotary positions on half of the head.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::nemotron {

extern const Family family{
    .model_types = {"nemotron"}, .describe = [](const Config& config) {
      Decoder decoder =
          llama_like(config.with_defaults({{"partial_rotary_factor", 0.5}}),
                     [&](const std::string& name) { return ungated_mlp(config, name); });
      const double eps = config.number("norm_eps", 1e-5);
      replace_norms(decoder, [&](const std::string& name) {
        LayerNorm result = layer_norm(name, decoder.hidden_size, eps);
        result.weight_offset = 1;
        return result;
      });
      return decoder;
    }};

}  // namespace ovbake::nemotron
