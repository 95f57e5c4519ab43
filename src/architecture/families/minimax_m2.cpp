// MiniMax-M2: the llama block on a part of each head, with an RMS norm over all queries and all
// keys at once, and a mixture chosen by sigmoids in every layer.
#include <algorithm>

#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/olmo_like.hpp"
#include "base/error.hpp"

namespace ovbake::minimax_m2 {
namespace {

MixtureOfExperts mixture(const Config& config, const std::string& name) {
  return sigmoid_mixture(config, name,
                         {.correction_bias = "e_score_correction_bias",
                          .experts = {.gate_proj = "w1", .up_proj = "w3", .down_proj = "w2"}});
}

/// In DeepSeek's words. The rotated part of a head may stand under rotary_dim.
Config deepseek_words(const Config& root) {
  const Config config = root.with_defaults({{"num_key_value_heads", 8},
                                            {"head_dim", 128},
                                            {"num_local_experts", 256},
                                            {"num_experts_per_tok", 8},
                                            {"rope_theta", 5'000'000.0}});
  const std::int64_t head_dim = config.count("head_dim");
  const auto rotary = static_cast<double>(config.size("rotary_dim", head_dim));
  return config.with_defaults({{"n_routed_experts", config.count("num_local_experts")},
                               {"n_shared_experts", 0},
                               {"moe_intermediate_size", config.size("intermediate_size")},
                               {"partial_rotary_factor", rotary / static_cast<double>(head_dim)}});
}

/// Throws an input error where config.json names another attention than softmax, which is 1.
void require_softmax_attention(const Config& config) {
  if (!config.has("attn_type_list")) return;
  const std::vector<std::int64_t> kinds = config.integers("attn_type_list");
  if (std::ranges::all_of(kinds, [](std::int64_t kind) { return kind == 1; })) return;
  throw input_error(
      "{}: attn_type_list has layers without softmax attention; those of {} cannot "
      "be baked.",
      config.where(), config.text("model_type"));
}

}  // namespace

extern const Family family{
    .model_types = {"minimax_m2"}, .describe = [](const Config& root) {
      require_flag(root, "use_qk_norm", true);
      require_text(root, "qk_norm_type", "per_layer");
      require_flag(root, "use_routing_bias", true);
      require_text(root, "scoring_func", "sigmoid");
      require_integer(root, "shared_intermediate_size", 0);
      require_softmax_attention(root);
      for (const auto key : {"use_mtp", "num_mtp_modules", "mtp_transformer_layers"})
        root.mark_read(key);
      const Config config = deepseek_words(root);
      Decoder decoder = llama_like(config);
      for (DecoderLayer& layer : decoder.layers) {
        layer.self_attn().qk_norm =
            rms_norms_of_projections(layer, config.number("rms_norm_eps", 1e-6));
        layer.mlp->body = mixture(config, layer.name + ".block_sparse_moe");
      }
      return decoder;
    }};

}  // namespace ovbake::minimax_m2
