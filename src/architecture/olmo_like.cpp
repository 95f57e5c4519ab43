#include "architecture/olmo_like.hpp"

#include "architecture/llama_like.hpp"

namespace ovbake {

QueryKeyNorm rms_norms_of_projections(DecoderLayer& layer, double eps) {
  const std::string name = layer.name + ".self_attn";
  const SeparateProjections& projections = separate(layer.self_attn());
  return {.q_norm = rms_norm(name + ".q_norm", projections.q_proj.out_features(), eps),
          .k_norm = rms_norm(name + ".k_norm", projections.k_proj.out_features(), eps),
          .scope = QueryKeyNorm::Scope::projection};
}

Decoder olmo_like(const Config& config) {
  constexpr double kEps = 1e-5;
  Decoder decoder = llama_like(config.with_defaults({{"rms_norm_eps", kEps}}));
  const double eps = config.number("rms_norm_eps", kEps);
  for (DecoderLayer& layer : decoder.layers) {
    move_norms_behind(layer, eps);
    layer.self_attn().qk_norm = rms_norms_of_projections(layer, eps);
  }
  return decoder;
}

}  // namespace ovbake
