#include "architecture/fairseq_like.hpp"

#include <cmath>

#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake {

LayerNorm fairseq_norm(const std::string& name, std::int64_t size, bool with_weights) {
  constexpr double kEps = 1e-5;
  if (!with_weights) return {.eps = kEps};
  return layer_norm(name, size, kEps);
}

DecoderLayer fairseq_layer(const Config& config, const std::string& name,
                           const FairseqSizes& sizes) {
  const auto square = [&](const std::string& module) {
    return linear(name + ".self_attn" + module, sizes.hidden_size, sizes.hidden_size, sizes.bias);
  };
  const auto norm = [&](const std::string& module) {
    return fairseq_norm(name + module, sizes.hidden_size, sizes.norm_weights);
  };
  Attention attention = even_heads(config, sizes.hidden_size, sizes.num_heads, sizes.num_heads);
  attention.projections = SeparateProjections{
      .q_proj = square(".q_proj"), .k_proj = square(".k_proj"), .v_proj = square(".v_proj")};
  attention.o_proj = square(".out_proj");
  return {.name = name,
          .mixer = Branch<Mixer>{.norm = norm(".self_attn_layer_norm"), .body = attention},
          .mlp = Branch<Mlp>{
              .norm = norm(".final_layer_norm"),
              .body = plain_mlp({.up = name + ".fc1", .down = name + ".fc2"}, sizes.hidden_size,
                                sizes.inner_size, sizes.bias, sizes.hidden_act)}};
}

double fairseq_embedding_scale(const Config& config, std::int64_t hidden_size) {
  return config.flag("scale_embedding", true) ? std::sqrt(static_cast<double>(hidden_size)) : 1;
}

}  // namespace ovbake
