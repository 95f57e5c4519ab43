// MiniMax-Text-01: mixtral, most of whose layers have lightning attention; the residual stream
// carries the normalized input.
#include <cmath>

#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/layer_kinds.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::minimax {
namespace {

constexpr double kNormEps = 1e-6;

/// Later layers forget more slowly.
std::vector<float> slopes(std::int64_t heads, std::size_t layer, std::size_t layers) {
  const double depth = static_cast<double>(layer) / (static_cast<double>(layers) - 1 + 1e-5);
  std::vector<float> result;
  for (std::int64_t head = 1; head <= heads; ++head) {
    const double rate = std::exp2(-8 * static_cast<double>(head) / static_cast<double>(heads));
    result.push_back(static_cast<float>(rate * (1 - depth + 1e-5)));
  }
  return result;
}

LightningAttention lightning(const Config& config, const DecoderLayer& layer,
                             std::vector<float> slopes) {
  const Attention& attention = layer.self_attn();
  const std::int64_t hidden_size = config.size("hidden_size");
  const std::int64_t width = attention.num_attention_heads * attention.head_dim;
  const std::string name = layer.name + ".self_attn.";
  return {.num_attention_heads = attention.num_attention_heads,
          .head_dim = attention.head_dim,
          .slopes = std::move(slopes),
          .block_size = config.size("block_size", 256),
          .qkv_proj = linear(name + "qkv_proj", 3 * width, hidden_size, false),
          .hidden_act = activation(config),
          .norm = rms_norm(name + "norm", width, kNormEps),
          .output_gate = linear(name + "output_gate", width, hidden_size, false),
          .out_proj = linear(name + "out_proj", hidden_size, width, false)};
}

Residual residual(const Config& config, const std::string& kind) {
  return {.placement = Residual::Placement::input,
          .stream = config.number(kind + "_alpha_factor", 1),
          .branch = config.number(kind + "_beta_factor", 1)};
}

Decoder describe_minimax(const Config& root) {
  const Config config = root.with_defaults({{"num_local_experts", 8},
                                            {"num_experts_per_tok", 2},
                                            {"norm_topk_prob", true},
                                            {"num_key_value_heads", 8},
                                            {"rope_theta", 1'000'000.0},
                                            {"rms_norm_eps", 1e-5}});
  Decoder decoder = llama_like(config);
  slide_everywhere(decoder, config);
  const std::size_t layers = decoder.layers.size();
  const std::vector<bool> is_linear =
      layers_of_type(config, "linear_attention", layers, [](std::int64_t i) { return i % 2 == 1; });
  const Residual of_full = residual(config, "full_attn");
  const Residual of_linear = residual(config, "linear_attn");
  const ExpertSizes sizes{.experts = config.count("num_local_experts"),
                          .intermediate_size = config.size("intermediate_size")};
  for (std::size_t i = 0; i < layers; ++i) {
    DecoderLayer& layer = decoder.layers[i];
    layer.mixer->residual = is_linear[i] ? of_linear : of_full;
    layer.mlp->residual = residual(config, "mlp");
    if (is_linear[i]) {
      layer.mixer->body =
          lightning(config, layer, slopes(layer.self_attn().num_attention_heads, i, layers));
    }
    layer.mlp->body = softmax_mixture(config, layer.name + ".block_sparse_moe", sizes,
                                      {.gate_proj = "w1", .up_proj = "w3", .down_proj = "w2"});
  }
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"minimax"}, .describe = describe_minimax};

}  // namespace ovbake::minimax
