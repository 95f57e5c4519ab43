// Gemma 4, alone or as a part of a multimodal model: norms on queries, keys and
// values, scores that are not scaled, larger heads in the layers that see all, which may use keys
// as values; the last layers borrow keys and values, and every layer may get an input of its own
// and, beside its MLP, experts.
#include <cmath>
#include <utility>

#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/gemma_like.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"
#include "architecture/sliding_window.hpp"
#include "base/error.hpp"

namespace ovbake::gemma4 {
namespace {

Defaults defaults() {
  return {
      {"model_type", "gemma4_text"},
      {"vocab_size", 262144},
      {"vocab_size_per_layer_input", 262144},
      {"hidden_size", 2304},
      {"hidden_size_per_layer_input", 256},
      {"intermediate_size", 9216},
      {"num_hidden_layers", 30},
      {"num_attention_heads", 8},
      {"num_key_value_heads", 4},
      {"head_dim", 256},
      {"global_head_dim", 512},
      {"hidden_activation", "gelu_pytorch_tanh"},
      {"sliding_window", 512},
      {"tie_word_embeddings", true},
      {"rope_parameters",
       Defaults{{"sliding_attention", Defaults{{"rope_type", "default"}, {"rope_theta", 10'000.0}}},
                {"full_attention", Defaults{{"rope_type", "proportional"},
                                            {"rope_theta", 1'000'000.0},
                                            {"partial_rotary_factor", 0.25}}}}}};
}

/// How many layers keep keys and values of their own; the ones behind them borrow.
std::size_t own_layers(const Config& config, const Decoder& decoder) {
  const std::int64_t shared = config.integer("num_kv_shared_layers", 0);
  const auto layers = static_cast<std::int64_t>(decoder.layers.size());
  return static_cast<std::size_t>(shared > 0 && shared < layers ? layers - shared : layers);
}

/// The last layer with keys and values of its own that sees as much as `layer` does.
std::size_t lender(const Config& config, const Decoder& decoder, std::size_t layer,
                   std::size_t own) {
  const auto slides = [&](std::size_t i) {
    return decoder.layers[i].self_attn().window.has_value();
  };
  for (std::size_t i = own; i-- > 0;) {
    if (slides(i) == slides(layer)) return i;
  }
  throw input_error("{}: layer {} is to borrow keys, but no layer before {} has its type.",
                    config.where(), layer, own);
}

struct LayerSizes {
  std::int64_t head_dim, num_key_value_heads;
};

/// What per_layer_config says of a layer, whose number has as many digits as the largest in it.
std::optional<Config> own_words(const Config& config, std::size_t layer) {
  const Config layers = config.section("per_layer_config");
  for (std::size_t digits = 1; digits <= 4; ++digits) {
    const std::string number = fmt::format("{:0{}}", layer, digits);
    if (layers.has(number)) return layers.section(number);
  }
  return std::nullopt;
}

/// By per_layer_config, as transformers saves it since 5.24, or by the words for all layers that
/// see everything.
LayerSizes layer_sizes(const Config& config, const DecoderLayer& layer, std::size_t number,
                       bool keys_as_values) {
  const std::int64_t head_dim = config.count("head_dim");
  const std::int64_t kv_heads = config.count("num_key_value_heads");
  for (const auto key : {"global_head_dim", "num_global_key_value_heads"}) config.mark_read(key);
  if (config.has("per_layer_config")) {
    const std::optional<Config> own = own_words(config, number);
    if (!own) return {head_dim, kv_heads};
    return {own->count("head_dim", head_dim), own->count("num_key_value_heads", kv_heads)};
  }
  if (layer.self_attn().window) return {head_dim, kv_heads};
  return {config.count("global_head_dim", head_dim),
          keys_as_values ? config.count("num_global_key_value_heads", kv_heads) : kv_heads};
}

/// Attention with the norms, sizes and rope of its type.
Attention attention(const Config& config, const DecoderLayer& layer, std::size_t number) {
  const std::string name = layer.name + ".self_attn";
  const std::optional<Window> window = layer.self_attn().window;
  const bool global = !window;
  const bool keys_as_values = config.flag("attention_k_eq_v", false) && global;
  const auto [head_dim, kv_heads] = layer_sizes(config, layer, number, keys_as_values);
  Attention result = grouped_attention(config, name,
                                       {.num_attention_heads = config.count("num_attention_heads"),
                                        .num_key_value_heads = kv_heads,
                                        .head_dim = head_dim});
  const double eps = config.number("rms_norm_eps", 1e-6);
  result.scaling = 1;
  result.window = window;
  result.rope =
      describe_rope(config, result.head_dim, global ? "full_attention" : "sliding_attention");
  result.qk_norm = {.q_norm = rms_norm(name + ".q_norm", result.head_dim, eps),
                    .k_norm = rms_norm(name + ".k_norm", result.head_dim, eps),
                    .v_norm = RmsNorm{.weight = std::nullopt, .eps = eps}};
  if (keys_as_values) {
    const SeparateProjections all = separate(result);
    result.projections = KeysAsValues{.q_proj = all.q_proj, .k_proj = all.k_proj};
  }
  return result;
}

void borrow_keys(Attention& attention, std::size_t lender) {
  const Linear q_proj = std::visit(
      [](const auto& projections) {
        if constexpr (requires { projections.q_proj; }) return projections.q_proj;
        return Linear{};
      },
      attention.projections);
  attention.projections = BorrowedKeys{.q_proj = q_proj, .layer = lender};
  attention.qk_norm->k_norm.reset();
  attention.qk_norm->v_norm.reset();
}

/// A layer that borrows has no use for keys and values that its checkpoint may still have.
void ignore_keys(Decoder& decoder, const DecoderLayer& layer) {
  for (const std::string part : {"k_proj.", "v_proj.", "k_norm.", "v_norm."}) {
    decoder.other_parts.push_back(layer.name + ".self_attn." + part);
  }
}

void add_per_layer_inputs(Decoder& decoder, const Config& config) {
  const std::int64_t width = config.integer("hidden_size_per_layer_input", 0);
  if (width == 0) return config.mark_read("vocab_size_per_layer_input");
  const std::int64_t part = config.size("hidden_size_per_layer_input");
  const std::int64_t hidden_size = decoder.hidden_size;
  const std::int64_t all = part * static_cast<std::int64_t>(decoder.layers.size());
  const double eps = config.number("rms_norm_eps", 1e-6);
  decoder.per_layer_inputs = {
      .embed_tokens = {"model.embed_tokens_per_layer.weight",
                       {config.size("vocab_size_per_layer_input"), all},
                       Role::embedding},
      .embedding_multiplier = embedding_scale(config, part),
      .projection = linear("model.per_layer_model_projection", all, hidden_size, false),
      .projection_multiplier = 1 / std::sqrt(static_cast<double>(hidden_size)),
      .norm = rms_norm("model.per_layer_projection_norm", part, eps),
      .width = part};
  for (DecoderLayer& layer : decoder.layers) {
    layer.per_layer_gate = {
        .gate = linear(layer.name + ".per_layer_input_gate", part, hidden_size, false),
        .projection = linear(layer.name + ".per_layer_projection", hidden_size, part, false),
        .norm = rms_norm(layer.name + ".post_per_layer_input_norm", hidden_size, eps),
        .hidden_act = activation(config, "hidden_activation")};
  }
}

/// Puts experts beside the MLP of `layer`. Their router reads what mlp_norm has not changed.
void add_experts(DecoderLayer& layer, const Config& config, double eps) {
  const std::int64_t hidden_size = config.size("hidden_size");
  const auto norm = [&](const std::string& name) {
    return rms_norm(layer.name + name, hidden_size, eps);
  };
  const std::string router = layer.name + ".router";
  const ExpertSizes sizes{.experts = config.count("num_experts"),
                          .intermediate_size = config.size("moe_intermediate_size")};
  TopKRouter choice =
      top_k_router(config, router + ".proj", {sizes.experts, config.count("top_k_experts")},
                   TopKRouter::Scoring::softmax);
  choice.divisor = ScoreSum{};
  const auto& mlp = std::get<GatedMlp>(layer.mlp->body);
  GatedExperts experts = gated_experts(config, layer.name, sizes);
  experts.hidden_act = mlp.hidden_act;
  NormedRouter normed{
      .norm =
          RmsNorm{.weight = TensorRef{router + ".scale", {hidden_size}, Role::vector}, .eps = eps},
      .scaling = 1 / std::sqrt(static_cast<double>(hidden_size)),
      .choice = std::move(choice),
      .per_expert_scale = {router + ".per_expert_scale", {sizes.experts}, Role::vector},
      .tokens_norm = norm(".pre_feedforward_layernorm_2")};
  layer.mlp->body =
      MlpBesideExperts{.mlp_norm = *std::exchange(layer.mlp->norm, std::nullopt),
                       .mlp = mlp,
                       .mlp_output_norm = norm(".post_feedforward_layernorm_1"),
                       .experts = {.router = std::move(normed), .experts = std::move(experts)},
                       .experts_output_norm = norm(".post_feedforward_layernorm_2")};
}

Decoder describe_gemma4(const Config& given) {
  const Config config = given.with_defaults(defaults());
  for (const auto key : {"num_experts", "top_k_experts", "moe_intermediate_size", "hidden_act"})
    config.mark_read(key);
  if (config.text("use_bidirectional_attention", "vision") != "vision") {
    throw input_error("{}: use_bidirectional_attention \"{}\" cannot be baked.", config.where(),
                      config.text("use_bidirectional_attention"));
  }
  Decoder decoder = llama_like(config);
  decoder.embedding_multiplier = embedding_scale(config, decoder.hidden_size);
  slide_between(decoder, config, 6);
  decoder.layers.back().self_attn().window.reset();
  const double eps = config.number("rms_norm_eps", 1e-6);
  const bool mixed = config.flag("enable_moe_block", false);
  const bool wide = config.flag("use_double_wide_mlp", false);
  const std::size_t own = own_layers(config, decoder);
  for (std::size_t i = 0; i < decoder.layers.size(); ++i) {
    DecoderLayer& layer = decoder.layers[i];
    const bool borrows = i >= own;
    sandwich_norms(layer, eps, 0);
    layer.self_attn() = attention(config, layer, i);
    GatedMlp mlp = gated_mlp(config, layer.name + ".mlp",
                             config.size("intermediate_size") * (borrows && wide ? 2 : 1));
    mlp.hidden_act = activation(config, "hidden_activation");
    layer.mlp->body = mlp;
    if (mixed) add_experts(layer, config, eps);
    layer.layer_scalar = TensorRef{layer.name + ".layer_scalar", {1}, Role::vector};
    if (borrows) {
      borrow_keys(layer.self_attn(), lender(config, decoder, i, own));
      ignore_keys(decoder, layer);
    }
  }
  add_per_layer_inputs(decoder, config);
  if (config.has("final_logit_softcapping"))
    decoder.final_logit_softcapping = config.number("final_logit_softcapping");
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"gemma4_text"}, .describe = describe_gemma4};

}  // namespace ovbake::gemma4
