// GPT-J: attention and MLP side by side behind one LayerNorm, interleaved rotary pairs on a part of
// the head, and a bias on the head.
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"

namespace ovbake {
namespace {

constexpr double kTheta = 10000;

Attention attention(const Config& config, const std::string& name, const GptWords& words) {
  const auto square = [&](const std::string& module) {
    return linear(name + module, words.hidden_size, words.hidden_size, false);
  };
  Attention attention = even_heads(config, words.hidden_size, words.num_heads, words.num_heads);
  attention.projections = SeparateProjections{
      .q_proj = square(".q_proj"), .k_proj = square(".k_proj"), .v_proj = square(".v_proj")};
  attention.o_proj = square(".out_proj");
  attention.rope = default_rope(config, kTheta, config.size("rotary_dim", 64), attention.head_dim);
  attention.rope->layout = RopeLayout::interleaved;
  return attention;
}

Decoder describe_gptj(const Config& config) {
  require_flag(config, "rotary", true);
  require_flag(config, "scale_attn_weights", true);
  const GptWords words = gpt_words(config);
  const Activation act = activation(config, "activation_function", "gelu_new");
  Frame frame = words.frame(false);
  frame.lm_head_bias = true;
  return framed(config, frame, [&](const std::string& name) {
    return DecoderLayer{
        .name = name,
        .attention_norm = layer_norm(name + ".ln_1", words.hidden_size, words.layer_norm_epsilon),
        .self_attn = attention(config, name + ".attn", words),
        .mlp = plain_mlp({.up = name + ".mlp.fc_in", .down = name + ".mlp.fc_out"},
                         words.hidden_size, words.inner_size, true, act),
        .parallel = true};
  });
}

}  // namespace

extern const Family gptj{.model_types = {"gptj"}, .describe = describe_gptj};

}  // namespace ovbake
