#include "architecture/llama_like.hpp"

#include <cmath>
#include <map>

#include "architecture/rope.hpp"
#include "base/error.hpp"

namespace ovbake {
namespace {

Activation hidden_act(const Config& config) {
  static const std::map<std::string, Activation> known{{"silu", Activation::silu}};
  const std::string name = config.text("hidden_act", "silu");
  const auto found = known.find(name);
  if (found == known.end()) {
    throw input_error("{}: hidden_act \"{}\" is not one that can be baked yet; known is silu.",
                      config.where(), name);
  }
  return found->second;
}

RmsNorm rms_norm(const std::string& name, std::int64_t size, double eps) {
  return {.weight = {name + ".weight", {size}, Role::vector}, .eps = eps};
}

Linear linear(const std::string& name, std::int64_t out, std::int64_t in, bool with_bias) {
  Linear result{.weight = {name + ".weight", {out, in}, Role::projection}};
  if (with_bias) result.bias = bias_of(result);
  return result;
}

Attention attention(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const std::int64_t heads = config.size("num_attention_heads");
  const std::int64_t kv_heads = config.size("num_key_value_heads", heads);
  const std::int64_t head_dim = config.size("head_dim", hidden_size / heads);
  if (heads % kv_heads != 0) {
    throw input_error("{}: num_attention_heads {} is no multiple of num_key_value_heads {}.",
                      config.where(), heads, kv_heads);
  }
  if (head_dim % 2 != 0) {
    throw input_error("{}: head_dim {} is odd, but rotary positions turn pairs.", config.where(),
                      head_dim);
  }
  const bool bias = config.flag("attention_bias", false);
  return {.num_attention_heads = heads,
          .num_key_value_heads = kv_heads,
          .head_dim = head_dim,
          .scaling = 1 / std::sqrt(static_cast<double>(head_dim)),
          .q_proj = linear(name + ".q_proj", heads * head_dim, hidden_size, bias),
          .k_proj = linear(name + ".k_proj", kv_heads * head_dim, hidden_size, bias),
          .v_proj = linear(name + ".v_proj", kv_heads * head_dim, hidden_size, bias),
          .o_proj = linear(name + ".o_proj", hidden_size, heads * head_dim, bias),
          .rope = describe_rope(config, head_dim),
          .sliding_window = {}};
}

GatedMlp gated_mlp(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const std::int64_t inner = config.size("intermediate_size");
  const bool bias = config.flag("mlp_bias", false);
  return {.gate_proj = linear(name + ".gate_proj", inner, hidden_size, bias),
          .up_proj = linear(name + ".up_proj", inner, hidden_size, bias),
          .down_proj = linear(name + ".down_proj", hidden_size, inner, bias),
          .hidden_act = hidden_act(config)};
}

}  // namespace

TensorRef bias_of(const Linear& linear) {
  const std::string& weight = linear.weight.name;
  return {weight.substr(0, weight.rfind('.')) + ".bias", {linear.weight.shape[0]}, Role::vector};
}

Decoder llama_like(const Config& config) {
  const std::int64_t hidden_size = config.size("hidden_size");
  const std::int64_t vocab_size = config.size("vocab_size");
  const double eps = config.number("rms_norm_eps", 1e-6);

  Decoder decoder{
      .model_type = config.text("model_type"),
      .vocab_size = vocab_size,
      .hidden_size = hidden_size,
      .embed_tokens = {"model.embed_tokens.weight", {vocab_size, hidden_size}, Role::embedding},
      .layers = {},
      .norm = rms_norm("model.norm", hidden_size, eps),
      .lm_head = {}};

  const std::int64_t layers = config.size("num_hidden_layers");
  for (std::int64_t i = 0; i < layers; ++i) {
    const std::string name = fmt::format("model.layers.{}", i);
    decoder.layers.push_back(
        {.name = name,
         .input_layernorm = rms_norm(name + ".input_layernorm", hidden_size, eps),
         .self_attn = attention(config, name + ".self_attn", hidden_size),
         .post_attention_layernorm = rms_norm(name + ".post_attention_layernorm", hidden_size, eps),
         .mlp = gated_mlp(config, name + ".mlp", hidden_size)});
  }

  decoder.lm_head.weight = {"lm_head.weight", {vocab_size, hidden_size}, Role::lm_head};
  if (config.flag("tie_word_embeddings", false)) decoder.lm_head.weight = decoder.embed_tokens;
  return decoder;
}

}  // namespace ovbake
