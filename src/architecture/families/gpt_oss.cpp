// GPT-OSS: every second layer sees a window, each head has a score that no key answers to, and
// experts have biases and cut off what their gates and values are. Published as MXFP4.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::gpt_oss {
namespace {

constexpr double kUsualAlpha = 1.702;

/// Where it is not quantized, one tensor of transposed matrices.
TensorRef stack(const std::string& name, const Shape& shape) {
  return {.name = name + ".weight",
          .shape = shape,
          .role = Role::projection,
          .layouts = {{.name = name, .transposed = true}}};
}

MixtureOfExperts mixture(const Config& config, const std::string& name) {
  const std::int64_t experts = config.count("num_local_experts");
  const std::int64_t inner = config.size("intermediate_size");
  const std::int64_t hidden_size = config.size("hidden_size");
  const std::string stacks = name + ".experts.";
  TopKRouter router =
      top_k_router(config, name + ".router", experts, TopKRouter::Scoring::softmax_of_chosen);
  router.gate.bias = bias_of(router.gate);
  return {.router = std::move(router),
          .experts = ClampedExperts{
              .gate_up_proj = stack(stacks + "gate_up_proj", {experts, 2 * inner, hidden_size}),
              .gate_up_bias = {stacks + "gate_up_proj_bias", {experts, 2 * inner}, Role::vector},
              .down_proj = stack(stacks + "down_proj", {experts, hidden_size, inner}),
              .down_bias = {stacks + "down_proj_bias", {experts, hidden_size}, Role::vector},
              .limit = config.number("swiglu_limit", 7),
              .alpha = config.number("swiglu_alpha", kUsualAlpha)}};
}

}  // namespace

extern const Family family{
    .model_types = {"gpt_oss"}, .describe = [](const Config& root) {
      const Config config = root.with_defaults({{"num_local_experts", 128},
                                                {"num_experts_per_tok", 4},
                                                {"head_dim", 64},
                                                {"sliding_window", 128},
                                                {"attention_bias", true},
                                                {"rms_norm_eps", 1e-5}});
      for (const auto key : {"experts_per_token", "initial_context_length", "hidden_act"}) {
        config.mark_read(key);
      }
      Decoder decoder = llama_like(config);
      slide_layers(decoder, config, [](std::int64_t layer) { return layer % 2 == 0; });
      for (DecoderLayer& layer : decoder.layers) {
        Attention& attention = layer.self_attn();
        attention.sinks = TensorRef{
            layer.name + ".self_attn.sinks", {attention.num_attention_heads}, Role::vector};
        layer.mlp->body = mixture(config, layer.name + ".mlp");
      }
      return decoder;
    }};

}  // namespace ovbake::gpt_oss
