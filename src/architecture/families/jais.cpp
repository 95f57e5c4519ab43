// Jais: GPT-2 with ALiBi in place of learned positions, a gated MLP, and factors for embeddings and
// logits, which its generations name differently.
#include <cmath>

#include "architecture/alibi.hpp"
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"
#include "base/error.hpp"

namespace ovbake::jais {
namespace {

constexpr std::string_view kGatedActivation = "swiglu";

/// The factor of the logits: one word, or the product of two.
double logits_multiplier(const Config& config) {
  const double product = config.number("mup_output_alpha", 1) * config.number("mup_width_scale", 1);
  return config.number("width_scale", product);
}

Attention attention(const Config& config, const std::string& name, const GptWords& words) {
  const bool by_dimension =
      config.flag("scale_qk_dot_by_d", config.flag("mup_scale_qk_dot_by_d", false));
  Attention attention = even_heads(config, words.hidden_size, words.num_heads, words.num_heads);
  if (by_dimension) attention.scaling *= attention.scaling;
  require_flag(config, "scale_attn_weights", true);
  attention.projections = FusedProjection{
      .qkv_proj = conv1d(name + ".c_attn", 3 * words.hidden_size, words.hidden_size),
      .layout = FusedLayout::query_key_value};
  attention.o_proj = conv1d(name + ".c_proj", words.hidden_size, words.hidden_size);
  attention.position_bias = alibi(words.num_heads);
  return attention;
}

Mlp mlp(const Config& config, const std::string& name, const GptWords& words) {
  const Linear first = conv1d(name + ".c_fc", words.inner_size, words.hidden_size);
  const Linear last = conv1d(name + ".c_proj", words.hidden_size, words.inner_size);
  if (config.text("activation_function", "gelu_new") == kGatedActivation) {
    return GatedMlp{.gate_proj = conv1d(name + ".c_fc2", words.inner_size, words.hidden_size),
                    .up_proj = first,
                    .down_proj = last,
                    .hidden_act = Activation::silu};
  }
  return PlainMlp{.up_proj = first,
                  .down_proj = last,
                  .hidden_act = activation(config, "activation_function", "gelu_new")};
}

Decoder describe_jais(const Config& given) {
  const Config config = gpt_keys(given);
  require_flag(config, "add_cross_attention", false);
  require_flag(config, "scale_attn_by_inverse_layer_idx", false);
  require_text(config.with_defaults({{"position_embedding_type", "learned"}}),
               "position_embedding_type", "alibi");
  const GptWords words = gpt_words(config);
  Decoder decoder = framed(config, words.frame(true), [&](const std::string& name) {
    return words.layer(name, attention(config, name + ".attn", words),
                       mlp(config, name + ".mlp", words));
  });
  decoder.embedding_multiplier =
      config.number("embeddings_scale", config.number("mup_embeddings_scale", 1));
  decoder.logits_multiplier = logits_multiplier(config);
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"jais"}, .describe = describe_jais};

}  // namespace ovbake::jais
