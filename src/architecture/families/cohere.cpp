// Command R: attention and MLP side by side behind one LayerNorm without bias, interleaved rotary
// pairs, scaled logits, tied embeddings; optionally a LayerNorm of its own for every head.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"

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
      Decoder decoder = llama_like(config.with_defaults({{"tie_word_embeddings", true}}));
      const double eps = config.number("layer_norm_eps", 1e-5);
      const bool use_qk_norm = config.flag("use_qk_norm", false);
      decoder.logits_multiplier = config.number("logit_scale", 0.0625);
      decoder.norm = layer_norm("model.norm", decoder.hidden_size, eps, false);
      for (DecoderLayer& layer : decoder.layers) {
        layer.attention_norm =
            layer_norm(layer.name + ".input_layernorm", decoder.hidden_size, eps, false);
        layer.mlp_norm.reset();
        layer.parallel = true;
        Attention& attention = layer.self_attn;
        attention.rope->layout = RopeLayout::interleaved;
        if (use_qk_norm) {
          const std::string name = layer.name + ".self_attn";
          attention.qk_norm = {.q_norm = head_norm(name + ".q_norm", attention.num_attention_heads,
                                                   attention.head_dim, eps),
                               .k_norm = head_norm(name + ".k_norm", attention.num_key_value_heads,
                                                   attention.head_dim, eps)};
        }
      }
      return decoder;
    }};

}  // namespace ovbake
