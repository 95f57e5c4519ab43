#include "architecture/olmo_like.hpp"

#include "architecture/llama_like.hpp"

namespace ovbake {

Decoder olmo_like(const Config& config) {
  constexpr double kEps = 1e-5;
  Decoder decoder = llama_like(config.with_defaults({{"rms_norm_eps", kEps}}));
  const double eps = config.number("rms_norm_eps", kEps);
  for (DecoderLayer& layer : decoder.layers) {
    move_norms_behind(layer, eps);
    Attention& attention = layer.self_attn;
    const std::string name = layer.name + ".self_attn";
    attention.qk_norm = {
        .q_norm = rms_norm(name + ".q_norm", separate(attention).q_proj.out_features(), eps),
        .k_norm = rms_norm(name + ".k_norm", separate(attention).k_proj.out_features(), eps),
        .scope = QueryKeyNorm::Scope::projection};
  }
  return decoder;
}

}  // namespace ovbake
