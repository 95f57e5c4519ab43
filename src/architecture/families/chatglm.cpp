// ChatGLM 2 and 3, GLM-4 in its first form: RMS norms, gate and up in one projection, interleaved
// rotary pairs on half of the head, few heads of keys and values.
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"
#include "base/error.hpp"

namespace ovbake::chatglm {
namespace {

constexpr double kTheta = 10000;

/// Of which other values change the mathematics, and keys that change none.
void check_switches(const Config& config) {
  require_flag(config, "apply_residual_connection_post_layernorm", false);
  require_flag(config, "original_rope", true);
  require_flag(config, "post_layer_norm", true);
  require_integer(config, "pre_seq_len", 0);
  require_integer(config, "quantization_bit", 0);
  for (const auto key :
       {"apply_query_key_layer_scaling", "fp32_residual_connection", "prefix_projection"}) {
    config.mark_read(key);
  }
}

/// By which the base grows. In ChatGLM 2 the same word stood for positions that are divided by it.
double rope_ratio(const Config& config) {
  const double ratio = config.number("rope_ratio", 1);
  if (ratio != 1 && config.text("_name_or_path", "").find("chatglm2") != std::string::npos) {
    throw input_error(
        "{}: rope_ratio {} means another thing in ChatGLM 2 than in its successors; only "
        "models of ChatGLM 2 without it can be baked.",
        config.where(), ratio);
  }
  return ratio;
}

Norm norm(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const double eps = config.number("layernorm_epsilon", 1e-5);
  if (config.flag("rmsnorm", true)) return rms_norm(name, hidden_size, eps);
  return layer_norm(name, hidden_size, eps);
}

Attention attention(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const std::int64_t heads = config.count("num_attention_heads");
  const std::int64_t groups = config.count("multi_query_group_num", 1);
  const bool multi_query = config.flag("multi_query_attention", false);
  const bool bias = config.flag("add_bias_linear", false);
  const bool qkv_bias = config.flag("add_qkv_bias", false) || bias;
  Attention attention = even_heads(config, hidden_size, heads, multi_query ? groups : heads);
  const std::int64_t head_dim = attention.head_dim;
  const std::int64_t rows = (heads + 2 * attention.num_key_value_heads) * head_dim;
  require_integer(config, "kv_channels", head_dim);
  attention.projections =
      FusedProjection{.qkv_proj = linear(name + ".query_key_value", rows, hidden_size, qkv_bias),
                      .layout = multi_query ? FusedLayout::query_key_value : FusedLayout::by_group};
  attention.o_proj = linear(name + ".dense", hidden_size, hidden_size, bias);
  attention.rope = default_rope(config, kTheta * rope_ratio(config), head_dim / 2, head_dim);
  attention.rope->layout = RopeLayout::interleaved;
  return attention;
}

FusedGatedMlp mlp(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const std::int64_t inner_size = config.size("ffn_hidden_size");
  const bool bias = config.flag("add_bias_linear", false);
  return {.gate_up_proj = linear(name + ".dense_h_to_4h", 2 * inner_size, hidden_size, bias),
          .down_proj = linear(name + ".dense_4h_to_h", hidden_size, inner_size, bias),
          .hidden_act = Activation::silu};
}

Decoder describe_chatglm(const Config& config) {
  check_switches(config);
  const std::int64_t hidden_size = config.size("hidden_size");
  return framed(
      config.with_defaults({{"vocab_size", config.size("padded_vocab_size")}}),
      {.hidden_size = hidden_size,
       .num_hidden_layers = config.count("num_layers"),
       .embed_tokens = "transformer.embedding.word_embeddings",
       .layers = "transformer.encoder.layers",
       .norm = norm(config, "transformer.encoder.final_layernorm", hidden_size),
       .tie_word_embeddings = false,
       .lm_head = "transformer.output_layer"},
      [&](const std::string& name) {
        return DecoderLayer{
            .name = name,
            .mixer =
                Branch<Mixer>{.norm = norm(config, name + ".input_layernorm", hidden_size),
                              .body = attention(config, name + ".self_attention", hidden_size)},
            .mlp =
                Branch<Mlp>{.norm = norm(config, name + ".post_attention_layernorm", hidden_size),
                            .body = mlp(config, name + ".mlp", hidden_size)}};
      });
}

}  // namespace

extern const Family family{.model_types = {"chatglm"}, .describe = describe_chatglm};

}  // namespace ovbake::chatglm
