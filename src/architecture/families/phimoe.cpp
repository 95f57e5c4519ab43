// Phi-3.5-MoE: the llama block with LayerNorms, and a mixture of two experts in every layer.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"
#include "architecture/sliding_window.hpp"
#include "base/error.hpp"

namespace ovbake::phimoe {
namespace {

/// By how much cos and sin are multiplied, where frequencies are scaled at all: by one factor up to
/// the length of the first training, by another beyond it.
void set_attention_factor(Decoder& decoder, const Config& config) {
  for (const std::string_view key : kRopeSections) {
    if (!config.has(key) || !config.section(key).has("short_mscale")) continue;
    const Config rope = config.section(key);
    if (rope.text("rope_type", rope.text("type", "default")) == "default") continue;
    const auto short_factor = static_cast<float>(rope.number("short_mscale"));
    const auto long_factor = static_cast<float>(rope.number("long_mscale"));
    for (DecoderLayer& layer : decoder.layers) {
      auto* longer = std::get_if<LongFrequencies>(&layer.self_attn().rope->beyond);
      layer.self_attn().rope->attention_factor = short_factor;
      if (long_factor == short_factor) continue;
      if (longer == nullptr) {
        throw input_error("{}: short_mscale and long_mscale differ, which needs longrope.",
                          rope.where());
      }
      longer->attention_factor = long_factor;
    }
  }
}

}  // namespace

extern const Family family{
    .model_types = {"phimoe"}, .describe = [](const Config& root) {
      const Config config = root.with_defaults({{"num_local_experts", 16}, {"rms_norm_eps", 1e-5}});
      require_integer(config, "num_experts_per_tok", 2);
      Decoder decoder = llama_like(config);
      set_attention_factor(decoder, config);
      const double eps = config.number("rms_norm_eps");
      const std::int64_t hidden_size = decoder.hidden_size;
      replace_norms(decoder,
                    [&](const std::string& name) { return layer_norm(name, hidden_size, eps); });
      const ExpertSizes sizes{.experts = config.count("num_local_experts"),
                              .intermediate_size = config.size("intermediate_size")};
      for (DecoderLayer& layer : decoder.layers) {
        const std::string name = layer.name + ".block_sparse_moe";
        layer.mlp->body = MixtureOfExperts{
            .router = SparseMixer{.gate = linear(name + ".gate", sizes.experts, hidden_size, false),
                                  .jitter_eps = config.number("router_jitter_noise", 0.01)},
            .experts = gated_experts(config, name, sizes,
                                     {.gate_proj = "w1", .up_proj = "w3", .down_proj = "w2"})};
      }
      if (config.flag("lm_head_bias", false)) decoder.lm_head.bias = bias_of(decoder.lm_head);
      slide_everywhere(decoder, config);
      return decoder;
    }};

}  // namespace ovbake::phimoe
