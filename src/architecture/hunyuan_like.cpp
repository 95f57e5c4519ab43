#include "architecture/hunyuan_like.hpp"

#include <cmath>
#include <optional>

#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"

namespace ovbake {
namespace {

/// The section of config.json that has an alpha, if there is one.
std::optional<Config> alpha_rope(const Config& config) {
  for (const std::string_view key : kRopeSections) {
    if (config.has(key) && config.section(key).has("alpha")) return config.section(key);
  }
  return std::nullopt;
}

Rope rope_of_alpha(const Config& config, const Config& rope, std::int64_t head_dim) {
  const auto dim = static_cast<double>(head_dim);
  const double theta = rope.number("rope_theta", config.number("rope_theta", 10000));
  const double base = theta * std::pow(rope.number("alpha"), dim / (dim - 2));
  for (const auto key : {"beta_fast", "beta_slow", "mscale", "mscale_all_dim"}) rope.mark_read(key);
  return default_rope(config, base, head_dim, head_dim);
}

}  // namespace

Decoder hunyuan_like(const Config& config) {
  require_flag(config, "use_qk_norm", true);
  require_flag(config, "use_cla", false);
  for (const auto key : {"attention_head_dim", "cla_share_factor"}) config.mark_read(key);
  const Config usual = config.with_defaults({{"rms_norm_eps", 1e-5}});
  Decoder decoder = llama_like(usual);
  const std::optional<Config> alpha = alpha_rope(config);
  for (DecoderLayer& layer : decoder.layers) {
    Attention& attention = layer.self_attn();
    attention.qk_norm =
        rms_norms_of_heads(layer, usual.number("rms_norm_eps"), "query_layernorm", "key_layernorm");
    attention.qk_norm->scope = QueryKeyNorm::Scope::turned_head;
    if (alpha) attention.rope = rope_of_alpha(config, *alpha, attention.head_dim);
  }
  return decoder;
}

}  // namespace ovbake
