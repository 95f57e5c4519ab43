// Command R; optionally a LayerNorm of its own for every query and key head.
#include "architecture/cohere_like.hpp"
#include "architecture/family.hpp"

namespace ovbake {
namespace {

/// Weights [heads, head_dim]: each head has its own.
LayerNorm head_norm(const std::string& name, std::int64_t heads, std::int64_t head_dim,
                    double eps) {
  return {.weight = TensorRef{name + ".weight", {heads, head_dim}, Role::vector}, .eps = eps};
}

}  // namespace

extern const Family cohere{
    .model_types = {"cohere"}, .describe = [](const Config& config) {
      Decoder decoder = cohere_like(config);
      if (!config.flag("use_qk_norm", false)) return decoder;
      const double eps = config.number("layer_norm_eps", 1e-5);
      for (DecoderLayer& layer : decoder.layers) {
        Attention& attention = layer.self_attn;
        const std::string name = layer.name + ".self_attn";
        attention.qk_norm = {.q_norm = head_norm(name + ".q_norm", attention.num_attention_heads,
                                                 attention.head_dim, eps),
                             .k_norm = head_norm(name + ".k_norm", attention.num_key_value_heads,
                                                 attention.head_dim, eps)};
      }
      return decoder;
    }};

}  // namespace ovbake
