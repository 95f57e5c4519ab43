// Command R; optionally a LayerNorm of its own for every query and key head.
#include <algorithm>

#include "architecture/cohere_like.hpp"
#include "architecture/family.hpp"
#include "architecture/rope.hpp"
#include "base/error.hpp"

namespace ovbake::cohere {
namespace {

/// Weights [heads, head_dim]: each head has its own.
LayerNorm head_norm(const std::string& name, std::int64_t heads, std::int64_t head_dim,
                    double eps) {
  return {.weight = TensorRef{name + ".weight", {heads, head_dim}, Role::vector}, .eps = eps};
}

void require_theta(const Config& config) {
  if (config.has("rope_theta") ||
      std::ranges::any_of(kRopeSections, [&](std::string_view key) { return config.has(key); })) {
    return;
  }
  throw input_error(
      "{}: there is no rope_theta, and transformers 4 and 5 do not agree what that means; add "
      "\"rope_theta\": 10000 for 4 or 500000 for 5.",
      config.where());
}

}  // namespace

extern const Family family{
    .model_types = {"cohere"}, .describe = [](const Config& config) {
      require_theta(config);
      Decoder decoder = cohere_like(config);
      if (!config.flag("use_qk_norm", false)) return decoder;
      const double eps = config.number("layer_norm_eps", 1e-5);
      for (DecoderLayer& layer : decoder.layers) {
        Attention& attention = layer.self_attn();
        const std::string name = layer.name + ".self_attn";
        attention.qk_norm = {.q_norm = head_norm(name + ".q_norm", attention.num_attention_heads,
                                                 attention.head_dim, eps),
                             .k_norm = head_norm(name + ".k_norm", attention.num_key_value_heads,
                                                 attention.head_dim, eps)};
      }
      return decoder;
    }};

}  // namespace ovbake::cohere
