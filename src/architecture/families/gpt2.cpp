// GPT-2: LayerNorms, learned positions, biases, and weights stored as [in, out].
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::gpt2 {
namespace {

Attention attention(const Config& config, const std::string& name, const GptWords& words) {
  Attention attention = even_heads(config, words.hidden_size, words.num_heads, words.num_heads);
  attention.projections = FusedProjection{
      .qkv_proj = conv1d(name + ".c_attn", 3 * words.hidden_size, words.hidden_size),
      .layout = FusedLayout::query_key_value};
  attention.o_proj = conv1d(name + ".c_proj", words.hidden_size, words.hidden_size);
  if (!config.flag("scale_attn_weights", true)) attention.scaling = 1;
  return attention;
}

Decoder describe_gpt2(const Config& given) {
  const Config config = gpt_keys(given);
  require_flag(config, "add_cross_attention", false);
  const GptWords words = gpt_words(config);
  const Activation act = activation(config, "activation_function", "gelu_new");
  const bool by_layer = config.flag("scale_attn_by_inverse_layer_idx", false);
  Decoder decoder = framed(config, words.frame(true), [&](const std::string& name) {
    return words.layer(
        name, attention(config, name + ".attn", words),
        PlainMlp{.up_proj = conv1d(name + ".mlp.c_fc", words.inner_size, words.hidden_size),
                 .down_proj = conv1d(name + ".mlp.c_proj", words.hidden_size, words.inner_size),
                 .hidden_act = act});
  });
  learn_positions(decoder, "transformer.wpe", config.size("n_positions", 1024));
  double divisor = 1;
  for (DecoderLayer& layer : decoder.layers) {
    if (by_layer) layer.self_attn().scaling /= divisor++;
  }
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"gpt2"}, .describe = describe_gpt2};

}  // namespace ovbake::gpt2
