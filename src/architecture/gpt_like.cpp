#include "architecture/gpt_like.hpp"

#include <cmath>

#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"
#include "base/error.hpp"

namespace ovbake {
namespace {

constexpr double kGptjTheta = 10000;

}  // namespace

Config gpt_keys(const Config& config) {
  return config.with_older_keys({{"n_embd", "hidden_size"},
                                 {"n_head", "num_attention_heads"},
                                 {"n_layer", "num_hidden_layers"},
                                 {"n_positions", "max_position_embeddings"}});
}

GptWords gpt_words(const Config& config) {
  const std::int64_t hidden_size = config.size("n_embd");
  return {.hidden_size = hidden_size,
          .num_heads = config.count("n_head"),
          .num_hidden_layers = config.count("n_layer"),
          .inner_size = config.size("n_inner", 4 * hidden_size),
          .layer_norm_epsilon = config.number("layer_norm_epsilon", 1e-5)};
}

Frame GptWords::frame(bool tie_word_embeddings) const {
  return {.hidden_size = hidden_size,
          .num_hidden_layers = num_hidden_layers,
          .embed_tokens = "transformer.wte",
          .layers = "transformer.h",
          .norm = layer_norm("transformer.ln_f", hidden_size, layer_norm_epsilon),
          .tie_word_embeddings = tie_word_embeddings};
}

DecoderLayer GptWords::layer(const std::string& name, const Attention& attention,
                             const Mlp& mlp) const {
  return {
      .name = name,
      .mixer = Branch<Mixer>{.norm = layer_norm(name + ".ln_1", hidden_size, layer_norm_epsilon),
                             .body = attention},
      .mlp = Branch<Mlp>{.norm = layer_norm(name + ".ln_2", hidden_size, layer_norm_epsilon),
                         .body = mlp}};
}

void place_norms(DecoderLayer& layer, Residual::Placement placement) {
  layer.mixer->residual.placement = layer.mlp->residual.placement = placement;
}

void learn_positions(Decoder& decoder, const std::string& module, std::int64_t max_positions,
                     std::int64_t offset) {
  decoder.max_positions = max_positions;
  decoder.embed_positions =
      LearnedPositions{.weight = {module + ".weight",
                                  {max_positions + offset, decoder.hidden_size},
                                  Role::embedding},
                       .offset = offset};
}

Decoder gptj_like(const Config& config, const GptWords& words,
                  const std::function<Projections(const std::string& name)>& projections) {
  require_flag(config, "scale_attn_weights", true);
  const Activation act = activation(config, "activation_function", "gelu_new");
  Attention attention = even_heads(config, words.hidden_size, words.num_heads, words.num_heads);
  attention.rope =
      default_rope(config, kGptjTheta, config.size("rotary_dim", 64), attention.head_dim);
  attention.rope->layout = RopeLayout::interleaved;
  Frame frame = words.frame(false);
  frame.lm_head_bias = true;
  return framed(config, frame, [&](const std::string& name) {
    attention.projections = projections(name + ".attn");
    attention.o_proj = linear(name + ".attn.out_proj", words.hidden_size, words.hidden_size, false);
    DecoderLayer layer =
        words.layer(name, attention,
                    plain_mlp({.up = name + ".mlp.fc_in", .down = name + ".mlp.fc_out"},
                              words.hidden_size, words.inner_size, true, act));
    layer.mlp->norm.reset();
    layer.arrangement = Arrangement::shared_norm;
    return layer;
  });
}

Decoder framed(const Config& config, const Frame& frame,
               const std::function<DecoderLayer(const std::string& name)>& describe_layer) {
  const Shape table{config.size("vocab_size"), frame.hidden_size};
  Decoder decoder{.model_type = config.text("model_type"),
                  .vocab_size = table[0],
                  .hidden_size = frame.hidden_size,
                  .embed_tokens = {frame.embed_tokens + ".weight", table, Role::embedding},
                  .norm = frame.norm,
                  .lm_head = {.weight = {frame.lm_head + ".weight", table, Role::lm_head}}};
  if (frame.lm_head_bias) decoder.lm_head.bias = bias_of(decoder.lm_head);
  if (config.flag("tie_word_embeddings", frame.tie_word_embeddings))
    decoder.lm_head.weight = decoder.embed_tokens;
  for (std::int64_t i = 0; i < frame.num_hidden_layers; ++i) {
    decoder.layers.push_back(describe_layer(fmt::format("{}.{}", frame.layers, i)));
  }
  return decoder;
}

Attention even_heads(const Config& config, std::int64_t hidden_size, std::int64_t heads,
                     std::int64_t kv_heads) {
  if (hidden_size % heads != 0 || heads % kv_heads != 0) {
    throw input_error(
        "{}: {} heads for queries and {} for keys and values do not divide a hidden state of {} "
        "evenly.",
        config.where(), heads, kv_heads, hidden_size);
  }
  const std::int64_t head_dim = hidden_size / heads;
  return {.num_attention_heads = heads,
          .num_key_value_heads = kv_heads,
          .head_dim = head_dim,
          .v_head_dim = head_dim,
          .scaling = 1 / std::sqrt(static_cast<double>(head_dim))};
}

std::optional<QueryKeyNorm> qk_layernorm(const Config& config, const std::string& attention,
                                         std::int64_t head_dim, double eps, bool otherwise) {
  if (!config.flag("qk_layernorm", otherwise)) return {};
  return QueryKeyNorm{.q_norm = layer_norm(attention + ".q_layernorm", head_dim, eps),
                      .k_norm = layer_norm(attention + ".k_layernorm", head_dim, eps)};
}

Linear conv1d(const std::string& name, std::int64_t out_features, std::int64_t in_features) {
  Linear result = linear(name, out_features, in_features, true);
  result.weight.transposed = true;
  return result;
}

PlainMlp plain_mlp(const PlainMlpNames& names, std::int64_t hidden_size, std::int64_t inner_size,
                   bool with_bias, Activation hidden_act) {
  return {.up_proj = linear(names.up, inner_size, hidden_size, with_bias),
          .down_proj = linear(names.down, hidden_size, inner_size, with_bias),
          .hidden_act = hidden_act};
}

}  // namespace ovbake
