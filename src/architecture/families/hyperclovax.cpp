// HyperCLOVA X SEED Think: granite with norms also behind attention and MLP, and logits that are
// multiplied.
#include <cmath>

#include "architecture/family.hpp"
#include "architecture/granite_like.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::hyperclovax {

extern const Family family{
    .model_types = {"hyperclovax"}, .describe = [](const Config& config) {
      Decoder decoder = granite_like(config);
      decoder.logits_multiplier = config.number("logits_scaling", 1);
      const bool post_norm = config.flag("use_post_norm", true);
      const double eps = config.number("rms_norm_eps", 1e-6);
      for (DecoderLayer& layer : decoder.layers) {
        Attention& attention = layer.self_attn();
        if (!config.has("attention_multiplier"))
          attention.scaling = std::pow(static_cast<double>(attention.head_dim), -0.5);
        if (!post_norm) continue;
        layer.mixer->output_norm = rms_norm(layer.name + ".post_norm1", decoder.hidden_size, eps);
        layer.mlp->output_norm = rms_norm(layer.name + ".post_norm2", decoder.hidden_size, eps);
      }
      return decoder;
    }};

}  // namespace ovbake::hyperclovax
