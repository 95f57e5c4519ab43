// Llama 4, alone or as a part of a vision-language model: most layers turn heads and see a chunk of
// positions, the others neither; mixtures give their one expert a token times its score, beside an
// expert that sees every token.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/layer_kinds.hpp"
#include "architecture/llama_like.hpp"
#include "base/error.hpp"

namespace ovbake::llama4 {
namespace {

Defaults defaults() {
  return {{"model_type", "llama4_text"},
          {"vocab_size", 202048},
          {"hidden_size", 5120},
          {"intermediate_size", 8192},
          {"intermediate_size_mlp", 16384},
          {"num_hidden_layers", 48},
          {"num_attention_heads", 40},
          {"num_key_value_heads", 8},
          {"head_dim", 128},
          {"rms_norm_eps", 1e-5},
          {"rope_theta", 500'000.0},
          {"num_experts_per_tok", 1},
          {"num_local_experts", 16},
          {"attention_chunk_size", 8192},
          {"floor_scale", 8192},
          {"attn_scale", 0.1}};
}

MixtureOfExperts mixture(const Config& config, const std::string& name) {
  const ExpertSizes sizes{.experts = config.count("num_local_experts"),
                          .intermediate_size = config.size("intermediate_size")};
  if (config.count("num_experts_per_tok") != 1) {
    throw input_error(
        "{}: num_experts_per_tok is {}; experts of llama4 see tokens times their own scores, which "
        "can be baked for one expert a token only.",
        config.where(), config.count("num_experts_per_tok"));
  }
  GatedExperts experts = gated_experts(config, name, sizes);
  for (TensorRef* stack : {&experts.gate_proj, &experts.up_proj, &experts.down_proj}) {
    stack->layouts = {stack->layouts.back()};
    stack->layouts.front().transposed = true;
  }
  return {.router = InputScalingRouter{linear(name + ".router", sizes.experts,
                                              config.size("hidden_size"), false)},
          .experts = std::move(experts),
          .shared_expert = SharedExpert{
              .mlp = gated_mlp(config, name + ".shared_expert", sizes.intermediate_size)}};
}

std::vector<bool> mixed_layers(const Config& config, std::size_t layers) {
  std::vector<bool> mixed(layers, false);
  const std::int64_t step = config.size("interleave_moe_layer_step", 1);
  if (!config.has("moe_layers")) {
    for (std::size_t i = 0; i < layers; ++i)
      mixed[i] = (i + 1) % static_cast<std::size_t>(step) == 0;
    return mixed;
  }
  for (const std::int64_t layer : config.integers("moe_layers")) {
    if (layer < 0 || static_cast<std::size_t>(layer) >= layers) {
      throw input_error("{}: moe_layers has {}, but there are {} layers.", config.where(), layer,
                        layers);
    }
    mixed[static_cast<std::size_t>(layer)] = true;
  }
  return mixed;
}

void set_positions(Decoder& decoder, const Config& config) {
  const std::size_t layers = decoder.layers.size();
  const std::vector<bool> rotary = rotary_layers(config, layers);
  const std::vector<bool> chunked =
      layers_of_type(config, "chunked_attention", layers,
                     [&](std::int64_t i) { return rotary[static_cast<std::size_t>(i)]; });
  const bool tuned = config.flag("attn_temperature_tuning", true);
  const bool normed = config.flag("use_qk_norm", true);
  const SteppedQueryScale scale{
      .beta = config.number("attn_scale"), .length = config.size("floor_scale"), .offset = 1};
  const RmsNorm unit{.weight = std::nullopt, .eps = config.number("rms_norm_eps")};
  for (std::size_t i = 0; i < layers; ++i) {
    Attention& attention = decoder.layers[i].self_attn();
    if (chunked[i] && config.has("attention_chunk_size")) {
      attention.window = AttentionChunk{config.size("attention_chunk_size")};
    }
    if (rotary[i]) {
      attention.rope->layout = RopeLayout::interleaved;
      if (normed) {
        attention.qk_norm =
            QueryKeyNorm{.q_norm = unit, .k_norm = unit, .scope = QueryKeyNorm::Scope::turned_head};
      }
    } else {
      attention.rope.reset();
      if (tuned) attention.query_scale = scale;
    }
  }
  config.mark_read("attention_chunk_size");
}

Decoder describe_llama4(const Config& given) {
  const Config config = given.with_defaults(defaults());
  config.mark_read("for_llm_compressor");
  Decoder decoder = llama_like(config);
  set_positions(decoder, config);
  const std::vector<bool> mixed = mixed_layers(config, decoder.layers.size());
  const std::int64_t dense = config.size("intermediate_size_mlp");
  for (std::size_t i = 0; i < mixed.size(); ++i) {
    DecoderLayer& layer = decoder.layers[i];
    const std::string name = layer.name + ".feed_forward";
    if (mixed[i]) {
      layer.mlp->body = mixture(config, name);
    } else {
      layer.mlp->body = gated_mlp(config, name, dense);
    }
  }
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"llama4_text"}, .describe = describe_llama4};

}  // namespace ovbake::llama4
