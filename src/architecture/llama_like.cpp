#include "architecture/llama_like.hpp"

#include <cmath>
#include <map>
#include <utility>

#include "architecture/rope.hpp"
#include "base/error.hpp"

namespace ovbake {
namespace {

HeadSizes head_sizes(const Config& config, std::int64_t hidden_size) {
  const std::int64_t heads = config.count("num_attention_heads");
  return {.num_attention_heads = heads,
          .num_key_value_heads = config.count("num_key_value_heads", heads),
          .head_dim = config.count("head_dim", hidden_size / heads)};
}

}  // namespace

Attention grouped_attention(const Config& config, const std::string& name, const HeadSizes& sizes) {
  const auto [heads, kv_heads, head_dim] = sizes;
  const std::int64_t hidden_size = config.size("hidden_size");
  if (kv_heads < 1 || heads % kv_heads != 0) {
    throw input_error("{}: num_attention_heads {} is no multiple of num_key_value_heads {}.",
                      config.where(), heads, kv_heads);
  }
  const bool bias = config.flag("attention_bias", false);
  return {.num_attention_heads = heads,
          .num_key_value_heads = kv_heads,
          .head_dim = head_dim,
          .v_head_dim = head_dim,
          .scaling = 1 / std::sqrt(static_cast<double>(head_dim)),
          .projections =
              SeparateProjections{
                  .q_proj = linear(name + ".q_proj", heads * head_dim, hidden_size, bias),
                  .k_proj = linear(name + ".k_proj", kv_heads * head_dim, hidden_size, bias),
                  .v_proj = linear(name + ".v_proj", kv_heads * head_dim, hidden_size, bias)},
          .o_proj = linear(name + ".o_proj", hidden_size, heads * head_dim, bias)};
}

GatedMlp gated_mlp(const Config& config, const std::string& name, std::int64_t intermediate_size) {
  const std::int64_t inner = intermediate_size;
  const std::int64_t hidden_size = config.size("hidden_size");
  const bool bias = config.flag("mlp_bias", false);
  return {.gate_proj = linear(name + ".gate_proj", inner, hidden_size, bias),
          .up_proj = linear(name + ".up_proj", inner, hidden_size, bias),
          .down_proj = linear(name + ".down_proj", hidden_size, inner, bias),
          .hidden_act = activation(config)};
}

PlainMlp ungated_mlp(const Config& config, const std::string& name) {
  const std::int64_t inner = config.size("intermediate_size");
  const std::int64_t hidden_size = config.size("hidden_size");
  const bool bias = config.flag("mlp_bias", false);
  return {.up_proj = linear(name + ".up_proj", inner, hidden_size, bias),
          .down_proj = linear(name + ".down_proj", hidden_size, inner, bias),
          .hidden_act = activation(config, "hidden_act", "relu2")};
}

Linear linear(const std::string& name, std::int64_t out_features, std::int64_t in_features,
              bool with_bias) {
  Linear result{.weight = {name + ".weight", {out_features, in_features}, Role::projection}};
  if (with_bias) result.bias = bias_of(result);
  return result;
}

TensorRef bias_of(const Linear& linear) {
  const std::string& weight = linear.weight.name;
  return {weight.substr(0, weight.rfind('.')) + ".bias", {linear.out_features()}, Role::vector};
}

RmsNorm rms_norm(const std::string& name, std::int64_t size, double eps) {
  return {.weight = TensorRef{name + ".weight", {size}, Role::vector}, .eps = eps};
}

LayerNorm layer_norm(const std::string& name, std::int64_t size, double eps, bool with_bias) {
  LayerNorm norm{.weight = TensorRef{name + ".weight", {size}, Role::vector}, .eps = eps};
  if (with_bias) norm.bias = TensorRef{name + ".bias", {size}, Role::vector};
  return norm;
}

Activation activation(const Config& config, std::string_view key, std::string_view fallback) {
  static const std::map<std::string, Activation> known{
      {"gelu", Activation::gelu},          {"gelu_fast", Activation::gelu_tanh},
      {"gelu_new", Activation::gelu_tanh}, {"gelu_pytorch_tanh", Activation::gelu_tanh},
      {"gelu_python", Activation::gelu},   {"relu", Activation::relu},
      {"relu2", Activation::relu_squared}, {"silu", Activation::silu},
      {"swish", Activation::silu},
  };
  const std::string name = config.text(key, fallback);
  const auto found = known.find(name);
  if (found == known.end()) {
    std::vector<std::string> names;
    for (const auto& [word, kind] : known) names.push_back(word);
    throw input_error("{}: {} \"{}\" is not one that can be baked; known are {}.", config.where(),
                      key, name, fmt::join(names, ", "));
  }
  return found->second;
}

SeparateProjections& separate(Attention& attention) {
  return std::get<SeparateProjections>(attention.projections);
}

QueryKeyNorm rms_norms_of_heads(const DecoderLayer& layer, double eps, const std::string& q_norm,
                                const std::string& k_norm) {
  const std::string name = layer.name + ".self_attn.";
  const std::int64_t head_dim = layer.self_attn().head_dim;
  return {.q_norm = rms_norm(name + q_norm, head_dim, eps),
          .k_norm = rms_norm(name + k_norm, head_dim, eps)};
}

void fuse_gate_and_up(DecoderLayer& layer) {
  const auto gated = std::get<GatedMlp>(layer.mlp->body);
  const Shape& up = gated.up_proj.weight.shape;
  layer.mlp->body = FusedGatedMlp{
      .gate_up_proj = linear(layer.name + ".mlp.gate_up_proj", 2 * up[0], up[1], false),
      .down_proj = gated.down_proj,
      .hidden_act = gated.hidden_act};
}

void move_norms_behind(DecoderLayer& layer, double eps) {
  const std::int64_t hidden_size = layer.self_attn().o_proj.out_features();
  layer.mixer->norm.reset();
  layer.mixer->output_norm = std::exchange(layer.mlp->norm, std::nullopt);
  layer.mlp->output_norm = rms_norm(layer.name + ".post_feedforward_layernorm", hidden_size, eps);
}

void norm_heads(Decoder& decoder, double eps) {
  for (DecoderLayer& layer : decoder.layers) {
    layer.self_attn().qk_norm = rms_norms_of_heads(layer, eps);
  }
}

void replace_norms(Decoder& decoder, const std::function<Norm(const std::string& name)>& make) {
  decoder.norm = make("model.norm");
  for (DecoderLayer& layer : decoder.layers) {
    layer.mixer->norm = make(layer.name + ".input_layernorm");
    layer.mlp->norm = make(layer.name + ".post_attention_layernorm");
  }
}

Decoder llama_like(const Config& config, const MlpMaker& mlp) {
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

  const HeadSizes sizes = head_sizes(config, hidden_size);
  const Rope rope = describe_rope(config, sizes.head_dim);
  const MlpMaker usual_mlp = [&](const std::string& name) {
    return gated_mlp(config, name, config.size("intermediate_size"));
  };
  const MlpMaker& make_mlp = mlp ? mlp : usual_mlp;
  const std::int64_t layers = config.count("num_hidden_layers");
  for (std::int64_t i = 0; i < layers; ++i) {
    const std::string name = fmt::format("model.layers.{}", i);
    decoder.layers.push_back(
        {.name = name,
         .mixer = Branch<Mixer>{.norm = rms_norm(name + ".input_layernorm", hidden_size, eps),
                                .body = grouped_attention(config, name + ".self_attn", sizes)},
         .mlp = Branch<Mlp>{.norm = rms_norm(name + ".post_attention_layernorm", hidden_size, eps),
                            .body = make_mlp(name + ".mlp")}});
    decoder.layers.back().self_attn().rope = rope;
  }

  decoder.lm_head.weight = {"lm_head.weight", {vocab_size, hidden_size}, Role::lm_head};
  if (config.flag("tie_word_embeddings", false)) decoder.lm_head.weight = decoder.embed_tokens;
  return decoder;
}

}  // namespace ovbake
