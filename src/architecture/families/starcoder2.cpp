// StarCoder2: the llama block with LayerNorms, biases, an MLP without a gate, and a window.
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::starcoder2 {
namespace {

Decoder describe_starcoder2(const Config& config) {
  require_text(config, "mlp_type", "default");
  require_text(config, "norm_type", "layer_norm");
  require_flag(config, "scale_attn_weights", true);
  for (const auto key : {"activation_function", "layer_norm_epsilon"}) config.mark_read(key);
  Decoder decoder =
      llama_like(config.with_defaults({{"num_key_value_heads", 2}, {"tie_word_embeddings", true}}));
  const std::int64_t hidden_size = decoder.hidden_size;
  const double eps = config.number("norm_epsilon", 1e-5);
  const bool bias = config.flag("use_bias", true);
  const Activation act = activation(config, "hidden_act", "gelu_pytorch_tanh");
  replace_norms(decoder,
                [&](const std::string& name) { return layer_norm(name, hidden_size, eps); });
  for (DecoderLayer& layer : decoder.layers) {
    layer.mlp->body =
        plain_mlp({.up = layer.name + ".mlp.c_fc", .down = layer.name + ".mlp.c_proj"}, hidden_size,
                  config.size("intermediate_size"), bias, act);
    Attention& attention = layer.self_attn();
    auto& [q_proj, k_proj, v_proj] = separate(attention);
    for (Linear* projection : {&q_proj, &k_proj, &v_proj, &attention.o_proj}) {
      if (bias) projection->bias = bias_of(*projection);
    }
    if (config.has("sliding_window")) {
      attention.window = SlidingWindow{config.size("sliding_window")};
    }
  }
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"starcoder2"}, .describe = describe_starcoder2};

}  // namespace ovbake::starcoder2
