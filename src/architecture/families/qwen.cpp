// Qwen 1: the llama block with modules of its own names and one biased projection for queries, keys
// and values; queries beyond the trained length grow by its logarithm, and so does the rotary base.
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"
#include "base/error.hpp"

namespace ovbake::qwen {
namespace {

/// What decides how the program that runs the model computes the same.
void leave_unread(const Config& config) {
  for (const auto key :
       {"attn_dropout_prob", "bf16", "emb_dropout_prob", "fp16", "fp32", "onnx_safe",
        "softmax_in_fp32", "use_cache_kernel", "use_cache_quantization", "use_flash_attn"}) {
    config.mark_read(key);
  }
}

Attention attention(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const std::int64_t heads = config.count("num_attention_heads");
  const std::int64_t trained_length = config.size("seq_length");
  Attention attention = even_heads(config, hidden_size, heads, heads);
  require_integer(config, "kv_channels", attention.head_dim);
  attention.projections =
      FusedProjection{.qkv_proj = linear(name + ".c_attn", 3 * hidden_size, hidden_size, true),
                      .layout = FusedLayout::query_key_value};
  attention.o_proj =
      linear(name + ".c_proj", hidden_size, hidden_size, !config.flag("no_bias", true));
  attention.rope = describe_unscaled_rope(config, attention.head_dim);
  if (config.flag("use_dynamic_ntk", true)) attention.rope->beyond = DoublingBase{trained_length};
  if (config.flag("use_logn_attn", true)) {
    attention.query_scale = LogarithmicQueryScale{trained_length};
  }
  return attention;
}

GatedMlp mlp(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const std::int64_t both_sizes = config.size("intermediate_size");
  if (both_sizes % 2 != 0) {
    throw input_error("{}: intermediate_size {} does not divide into gate and up.", config.where(),
                      both_sizes);
  }
  const std::int64_t inner_size = both_sizes / 2;
  const bool bias = !config.flag("no_bias", true);
  return {.gate_proj = linear(name + ".w2", inner_size, hidden_size, bias),
          .up_proj = linear(name + ".w1", inner_size, hidden_size, bias),
          .down_proj = linear(name + ".c_proj", hidden_size, inner_size, bias),
          .hidden_act = Activation::silu};
}

Decoder describe_qwen(const Config& given) {
  const Config config = given.with_older_keys({{"hidden_size", "n_embd"},
                                               {"num_hidden_layers", "n_layer"},
                                               {"num_attention_heads", "n_head"},
                                               {"intermediate_size", "ffn_hidden_size"}});
  leave_unread(config);
  require_text(config, "activation", "swiglu");
  require_text(config, "pos_emb", "rotary");
  require_flag(config, "apply_residual_connection_post_layernorm", false);
  require_flag(config, "scale_attn_weights", true);
  const std::int64_t hidden_size = config.size("hidden_size");
  const double eps = config.number("layer_norm_epsilon", 1e-6);
  return framed(
      config,
      {.hidden_size = hidden_size,
       .num_hidden_layers = config.count("num_hidden_layers"),
       .embed_tokens = "transformer.wte",
       .layers = "transformer.h",
       .norm = rms_norm("transformer.ln_f", hidden_size, eps),
       .tie_word_embeddings = false},
      [&](const std::string& name) {
        return DecoderLayer{
            .name = name,
            .mixer = Branch<Mixer>{.norm = rms_norm(name + ".ln_1", hidden_size, eps),
                                   .body = attention(config, name + ".attn", hidden_size)},
            .mlp = Branch<Mlp>{.norm = rms_norm(name + ".ln_2", hidden_size, eps),
                               .body = mlp(config, name + ".mlp", hidden_size)}};
      });
}

}  // namespace

extern const Family family{.model_types = {"qwen"}, .describe = describe_qwen};

}  // namespace ovbake::qwen
