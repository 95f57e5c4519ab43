// GPT-BigCode (SantaCoder, StarCoder): GPT-2 with a single head of keys and values at choice, and
// weights stored as [out, in].
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::gpt_bigcode {
namespace {

Attention attention(const Config& config, const std::string& name, const GptWords& words) {
  const bool multi_query = config.flag("multi_query", true);
  const std::int64_t kv_heads = multi_query ? 1 : words.num_heads;
  Attention attention = even_heads(config, words.hidden_size, words.num_heads, kv_heads);
  attention.projections = FusedProjection{
      .qkv_proj = linear(name + ".c_attn", words.hidden_size + 2 * kv_heads * attention.head_dim,
                         words.hidden_size, true),
      .layout = FusedLayout::by_group};
  attention.o_proj = linear(name + ".c_proj", words.hidden_size, words.hidden_size, true);
  if (!config.flag("scale_attn_weights", true)) attention.scaling = 1;
  return attention;
}

Decoder describe_gpt_bigcode(const Config& given) {
  const Config config = gpt_keys(given);
  require_flag(config, "add_cross_attention", false);
  config.mark_read("num_key_value_heads");
  const GptWords words = gpt_words(config);
  const Activation act = activation(config, "activation_function", "gelu_pytorch_tanh");
  Decoder decoder = framed(config, words.frame(true), [&](const std::string& name) {
    return words.layer(name, attention(config, name + ".attn", words),
                       plain_mlp({.up = name + ".mlp.c_fc", .down = name + ".mlp.c_proj"},
                                 words.hidden_size, words.inner_size, true, act));
  });
  learn_positions(decoder, "transformer.wpe", config.size("n_positions", 1024));
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"gpt_bigcode"}, .describe = describe_gpt_bigcode};

}  // namespace ovbake::gpt_bigcode
