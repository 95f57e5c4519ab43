// Falcon 7B, 40B and 180B, Falcon RW: LayerNorms, one projection for queries, keys and values with
// few or a single head of the latter, attention and MLP side by side; positions by rotation or by
// ALiBi, which Falcon rounds to bfloat16.
#include "architecture/alibi.hpp"
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"
#include "base/half.hpp"

namespace ovbake::falcon {
namespace {

float as_bf16(float value) { return float_from_bf16(bf16_from_float(value)); }

/// bf16(bf16(slope) · bf16(position)) · scaling, as transformers' build_alibi_tensor rounds it.
TabulatedBias rounded_alibi(const Attention& attention, std::int64_t positions) {
  const Alibi exact = alibi(attention.num_attention_heads);
  const auto scaling = static_cast<float>(attention.scaling);
  TabulatedBias bias;
  for (const float slope : exact.slopes) bias.slopes.push_back(slope * scaling);
  for (std::int64_t position = 0; position < positions; ++position) {
    for (const float slope : exact.slopes) {
      const float product = as_bf16(slope) * as_bf16(static_cast<float>(position));
      bias.steps.push_back(as_bf16(product) / slope);
    }
  }
  return bias;
}

/// What differs between the generations of Falcon.
struct Generation {
  Arrangement arrangement;
  std::int64_t kv_heads;
};

Generation generation(const Config& config, std::int64_t heads) {
  const bool renewed = config.flag("new_decoder_architecture", false);
  const bool multi_query = config.flag("multi_query", true) && !renewed;
  const std::int64_t kv_heads = config.count("num_kv_heads", heads);
  const std::int64_t norms = config.integer("num_ln_in_parallel_attn", renewed ? 2 : 1);
  if (renewed) require_flag(config, "parallel_attn", true);
  const bool parallel = config.flag("parallel_attn", true);
  const Arrangement side_by_side =
      renewed && norms == 2 ? Arrangement::parallel : Arrangement::shared_norm;
  return {.arrangement = parallel ? side_by_side : Arrangement::sequential,
          .kv_heads = multi_query ? 1 : kv_heads};
}

DecoderLayer layer(const std::string& name, const Attention& heads, std::int64_t hidden_size,
                   std::int64_t inner_size, const Generation& generation, const Config& config) {
  const bool bias = config.flag("bias", false);
  const double eps = config.number("layer_norm_epsilon", 1e-5);
  const std::string attention = name + ".self_attention";
  const std::int64_t rows = (heads.num_attention_heads + 2 * heads.num_key_value_heads);
  DecoderLayer layer{
      .name = name,
      .mixer = Branch<Mixer>{.norm = layer_norm(name + ".input_layernorm", hidden_size, eps),
                             .body = heads},
      .mlp =
          Branch<Mlp>{.body = plain_mlp(
                          {.up = name + ".mlp.dense_h_to_4h", .down = name + ".mlp.dense_4h_to_h"},
                          hidden_size, inner_size, bias, activation(config, "activation", "gelu"))},
      .arrangement = generation.arrangement};
  layer.self_attn().projections = FusedProjection{
      .qkv_proj = linear(attention + ".query_key_value", rows * heads.head_dim, hidden_size, bias),
      .layout = FusedLayout::by_group};
  layer.self_attn().o_proj = linear(attention + ".dense", hidden_size, hidden_size, bias);
  if (layer.arrangement == Arrangement::parallel) {
    layer.mixer->norm = layer_norm(name + ".ln_attn", hidden_size, eps);
    layer.mlp->norm = layer_norm(name + ".ln_mlp", hidden_size, eps);
  } else if (layer.arrangement == Arrangement::sequential) {
    layer.mlp->norm = layer_norm(name + ".post_attention_layernorm", hidden_size, eps);
  }
  return layer;
}

/// With the keys of 2023, when Falcon 40B was a RefinedWeb and the others a RefinedWebModel.
Config todays_keys(const Config& config) {
  const bool is_40b = config.text("model_type") == "RefinedWeb";
  return config
      .with_older_keys({{"num_hidden_layers", "n_layer"},
                        {"num_attention_heads", "n_head"},
                        {"num_kv_heads", "n_head_kv"},
                        {"hidden_size", "n_embed"}})
      .with_defaults({{"new_decoder_architecture", is_40b}});
}

Decoder describe_falcon(const Config& given) {
  const Config config = todays_keys(given);
  require_flag(config, "apply_residual_connection_post_layernorm", false);
  config.mark_read("ff_factor");
  const std::int64_t hidden_size = config.size("hidden_size");
  const std::int64_t inner_size = config.size("ffn_hidden_size", 4 * hidden_size);
  const std::int64_t heads = config.count("num_attention_heads");
  const Generation arranged = generation(config, heads);
  Attention attention = even_heads(config, hidden_size, heads, arranged.kv_heads);
  std::optional<std::int64_t> max_positions;
  if (config.flag("alibi", false)) {
    max_positions = config.count("max_position_embeddings", 2048);
    attention.position_bias = rounded_alibi(attention, *max_positions);
    for (const auto key : {"rope_theta", "rope_scaling", "rope_parameters"}) config.mark_read(key);
  } else {
    attention.rope = describe_rope(config, attention.head_dim);
  }
  Decoder decoder =
      framed(config,
             {.hidden_size = hidden_size,
              .num_hidden_layers = config.count("num_hidden_layers"),
              .embed_tokens = "transformer.word_embeddings",
              .layers = "transformer.h",
              .norm = layer_norm("transformer.ln_f", hidden_size,
                                 config.number("layer_norm_epsilon", 1e-5)),
              .tie_word_embeddings = true},
             [&](const std::string& name) {
               return layer(name, attention, hidden_size, inner_size, arranged, config);
             });
  decoder.max_positions = max_positions;
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"falcon"},
                           .older_types = {"RefinedWeb", "RefinedWebModel"},
                           .describe = describe_falcon};

}  // namespace ovbake::falcon
