// nanochat: the llama block with weightless norms, one of them behind the embedding, an MLP without
// a gate and with a squared ReLU, heads rotated backwards and normalized then, and a soft-cap on
// logits.
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::nanochat {
namespace {

/// The same angles with the opposite sign.
void rotate_backwards(Rope& rope) {
  for (float& frequency : rope.inv_freq) frequency = -frequency;
  if (auto* longer = std::get_if<LongFrequencies>(&rope.beyond)) {
    for (float& frequency : longer->inv_freq) frequency = -frequency;
  }
}

}  // namespace

extern const Family family{
    .model_types = {"nanochat"}, .describe = [](const Config& config) {
      const std::int64_t hidden_size = config.size("hidden_size");
      const std::int64_t inner = config.size("intermediate_size");
      const Activation hidden_act = activation(config, "hidden_act", "relu2");
      Decoder decoder = llama_like(config, [&](const std::string& name) {
        return plain_mlp({.up = name + ".fc1", .down = name + ".fc2"}, hidden_size, inner, false,
                         hidden_act);
      });
      const RmsNorm unit{.weight = std::nullopt, .eps = config.number("rms_norm_eps", 1e-6)};
      replace_norms(decoder, [&](const std::string& /*name*/) { return unit; });
      decoder.embedding_norm = unit;
      for (DecoderLayer& layer : decoder.layers) {
        rotate_backwards(*layer.self_attn().rope);
        layer.self_attn().qk_norm =
            QueryKeyNorm{.q_norm = unit, .k_norm = unit, .scope = QueryKeyNorm::Scope::turned_head};
      }
      const Config capped = config.with_defaults({{"final_logit_softcapping", 15.0}});
      if (capped.has("final_logit_softcapping"))
        decoder.final_logit_softcapping = capped.number("final_logit_softcapping");
      return decoder;
    }};

}  // namespace ovbake::nanochat
