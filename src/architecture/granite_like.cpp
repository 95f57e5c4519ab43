#include "architecture/granite_like.hpp"

#include "architecture/experts.hpp"
#include "architecture/layer_kinds.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake {

Decoder granite_like(const Config& config) {
  Decoder decoder = llama_like(config);
  decoder.embedding_multiplier = config.number("embedding_multiplier", 1);
  decoder.logits_multiplier = 1 / config.number("logits_scaling", 1);
  for (DecoderLayer& layer : decoder.layers) {
    layer.self_attn().scaling = config.number("attention_multiplier", 1);
    layer.mixer->residual.branch = layer.mlp->residual.branch =
        config.number("residual_multiplier", 1);
  }
  return decoder;
}

Decoder granite_mixtures(const Config& root) {
  const Config config = root.with_defaults({{"num_local_experts", 8}, {"num_experts_per_tok", 2}});
  require_text(config, "position_embedding_type", "rope");
  Decoder decoder = granite_like(config);
  const ExpertSizes sizes{.experts = config.count("num_local_experts"),
                          .intermediate_size = config.size("intermediate_size")};
  for (DecoderLayer& layer : decoder.layers) {
    const std::string name = layer.name + ".block_sparse_moe";
    layer.mlp->body = MixtureOfExperts{
        .router = top_k_router(config, name + ".router.layer", sizes.experts,
                               TopKRouter::Scoring::softmax_of_chosen),
        .experts = gated_experts(
            config, name, sizes,
            {.all_gate_up = "input_linear.weight", .all_down = "output_linear.weight"})};
  }
  return decoder;
}

void share_an_mlp(Decoder& decoder, const Config& config) {
  if (config.integer("shared_intermediate_size", 0) == 0) return;
  const std::int64_t inner = config.size("shared_intermediate_size");
  const std::int64_t hidden_size = decoder.hidden_size;
  for (DecoderLayer& layer : decoder.layers) {
    const std::string name = layer.name + ".shared_mlp";
    std::get<MixtureOfExperts>(layer.mlp->body).shared_expert = SharedExpert{
        .mlp = FusedGatedMlp{
            .gate_up_proj = linear(name + ".input_linear", 2 * inner, hidden_size, false),
            .down_proj = linear(name + ".output_linear", hidden_size, inner, false),
            .hidden_act = activation(config)}};
  }
}

void slide_beside_sinks(Decoder& decoder, const Config& config) {
  slide_layers(decoder, config.with_defaults({{"sliding_window", 128}}),
               [](std::int64_t layer) { return layer % 4 != 0; });
  const bool listed = config.has("layer_rope_theta");
  const auto thetas = listed ? config.numbers("layer_rope_theta") : std::vector<double>{};
  if (listed) require_one_each(config, "layer_rope_theta", thetas.size(), decoder.layers.size());
  for (std::size_t i = 0; i < decoder.layers.size(); ++i) {
    DecoderLayer& layer = decoder.layers[i];
    Attention& attention = layer.self_attn();
    attention.sinks =
        TensorRef{layer.name + ".self_attn.sinks", {attention.num_attention_heads}, Role::vector};
    if (!listed) continue;
    attention.rope.reset();
    if (thetas[i] != 0) attention.rope = describe_rope(config, attention.head_dim, thetas[i]);
  }
}

}  // namespace ovbake
