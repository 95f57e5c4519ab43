// DBRX: LayerNorms without biases, one projection for queries, keys and values, which is cut off,
// and a mixture in every layer whose experts are stored one below the other.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"
#include "base/error.hpp"

namespace ovbake::dbrx {
namespace {

constexpr double kNormEps = 1e-5;

Attention attention(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const Config words = config.section("attn_config");
  words.mark_read("model_type");
  Attention attention =
      even_heads(config, hidden_size, config.count("n_heads", 16), words.count("kv_n_heads", 1));
  const std::int64_t heads = attention.num_attention_heads + 2 * attention.num_key_value_heads;
  attention.projections = FusedProjection{
      .qkv_proj = linear(name + ".Wqkv", heads * attention.head_dim, hidden_size, false),
      .layout = FusedLayout::query_key_value};
  if (words.has("clip_qkv")) attention.clip_qkv = words.number("clip_qkv");
  attention.o_proj = linear(name + ".out_proj", hidden_size, hidden_size, false);
  // Published files have rope_theta beside the heads.
  const double theta = words.number("rope_theta", 10'000);
  attention.rope = describe_rope(config.with_defaults({{"rope_theta", theta}}), attention.head_dim);
  return attention;
}

/// All matrices of all experts are [inner, hidden_size], also those that others have transposed.
TensorRef stack(const std::string& name, const Shape& shape, bool transposed) {
  return {.name = name + ".weight",
          .shape = shape,
          .role = Role::projection,
          .layouts = {{.name = name, .transposed = transposed, .joined = true}}};
}

MixtureOfExperts mixture(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const Config words = config.section("ffn_config");
  for (const auto key : {"model_type", "moe_jitter_eps", "moe_loss_weight", "hidden_size"})
    words.mark_read(key);
  const std::int64_t experts = words.count("moe_num_experts", 4);
  const std::int64_t inner = words.size("ffn_hidden_size", 3584);
  TopKRouter router =
      top_k_router(config.with_defaults({{"hidden_size", hidden_size}}), name + ".router.layer",
                   ExpertChoice{.experts = experts, .top_k = words.count("moe_top_k", 1)},
                   TopKRouter::Scoring::softmax);
  const Config usual = words.with_defaults({{"moe_normalize_expert_weights", 1.0}});
  if (usual.has("moe_normalize_expert_weights")) {
    if (usual.number("moe_normalize_expert_weights") != 1) {
      throw input_error("{}: moe_normalize_expert_weights {} cannot be baked; 1 and null can.",
                        words.where(), usual.number("moe_normalize_expert_weights"));
    }
    router.divisor = ScoreSum{};
  }
  Activation hidden_act = Activation::silu;
  if (words.has("ffn_act_fn")) hidden_act = activation(words.section("ffn_act_fn"), "name");
  const std::string stacks = name + ".experts.mlp.";
  return {.router = std::move(router),
          .experts =
              GatedExperts{.gate_proj = stack(stacks + "w1", {experts, inner, hidden_size}, false),
                           .up_proj = stack(stacks + "v1", {experts, inner, hidden_size}, false),
                           .down_proj = stack(stacks + "w2", {experts, hidden_size, inner}, true),
                           .hidden_act = hidden_act}};
}

Decoder describe_dbrx(const Config& config) {
  require_flag(config, "tie_word_embeddings", false);
  config.mark_read("num_key_value_heads");
  const std::int64_t hidden_size = config.size("d_model", 2048);
  const auto norm = [&](const std::string& name) {
    return layer_norm(name, hidden_size, kNormEps, false);
  };
  return framed(
      config,
      {.hidden_size = hidden_size,
       .num_hidden_layers = config.count("n_layers", 24),
       .embed_tokens = "transformer.wte",
       .layers = "transformer.blocks",
       .norm = norm("transformer.norm_f"),
       .tie_word_embeddings = false},
      [&](const std::string& name) {
        const std::string first = name + ".norm_attn_norm";
        return DecoderLayer{
            .name = name,
            .mixer = Branch<Mixer>{.norm = norm(first + ".norm_1"),
                                   .body = attention(config, first + ".attn", hidden_size)},
            .mlp = Branch<Mlp>{.norm = norm(first + ".norm_2"),
                               .body = mixture(config, name + ".ffn", hidden_size)}};
      });
}

}  // namespace

extern const Family family{.model_types = {"dbrx"}, .describe = describe_dbrx};

}  // namespace ovbake::dbrx
