// Gemma 3, alone or as a part of a vision-language model: Gemma 2 without caps, with an RMS norm on
// every query and key head, and with frequencies of their own for layers that see a window.
#include <cmath>

#include "architecture/family.hpp"
#include "architecture/gemma_like.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::gemma3 {
namespace {

Defaults defaults() {
  return {{"model_type", "gemma3_text"}, {"vocab_size", 262208},
          {"hidden_size", 2304},         {"intermediate_size", 9216},
          {"num_hidden_layers", 26},     {"num_attention_heads", 8},
          {"num_key_value_heads", 4},    {"head_dim", 256},
          {"rope_theta", 1'000'000.0},   {"rope_local_base_freq", 10'000.0},
          {"sliding_window", 4096},      {"query_pre_attn_scalar", 256}};
}

/// The older spelling has one rope, which is the one of the layers that see all.
Rope local_rope(const Config& config, std::int64_t head_dim) {
  if (config.has("rope_parameters")) {
    return describe_rope(config.with_defaults({{"rope_theta", 10'000.0}}), head_dim,
                         "sliding_attention");
  }
  return default_rope(config, config.number("rope_local_base_freq"), head_dim, head_dim);
}

Rope global_rope(const Config& config, std::int64_t head_dim) {
  return config.has("rope_parameters") ? describe_rope(config, head_dim, "full_attention")
                                       : describe_rope(config, head_dim);
}

Decoder describe_gemma3(const Config& given) {
  const Config config = given.with_defaults(defaults());
  require_flag(config, "use_bidirectional_attention", false);
  Decoder decoder = gemma_like(config, "hidden_activation");
  slide_between(decoder, config, 6);
  const double eps = config.number("rms_norm_eps", 1e-6);
  const std::int64_t head_dim = config.count("head_dim");
  const Rope local = local_rope(config, head_dim);
  const Rope global = global_rope(config, head_dim);
  for (DecoderLayer& layer : decoder.layers) {
    sandwich_norms(layer, eps, 1);
    Attention& attention = layer.self_attn();
    attention.qk_norm = rms_norms_of_heads(layer, eps);
    for (auto* norm : {&attention.qk_norm->q_norm, &attention.qk_norm->k_norm}) {
      std::get<RmsNorm>(**norm).weight_offset = 1;
    }
    attention.rope = attention.window ? local : global;
    attention.scaling = 1 / std::sqrt(config.number("query_pre_attn_scalar"));
  }
  if (config.has("final_logit_softcapping"))
    decoder.final_logit_softcapping = config.number("final_logit_softcapping");
  config.mark_read("rope_local_base_freq");
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"gemma3_text"}, .describe = describe_gemma3};

}  // namespace ovbake::gemma3
