// Apertus: an RMS norm on every query and key head, and an MLP without a gate whose activation,
// xIELU, has learned parameters.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/rope.hpp"
#include "base/error.hpp"

namespace ovbake::apertus {
namespace {

Defaults usual_rope() {
  return {{"rope_type", "llama3"},   {"rope_theta", 12'000'000.0},
          {"factor", 8.0},           {"low_freq_factor", 1.0},
          {"high_freq_factor", 4.0}, {"original_max_position_embeddings", 8192}};
}

XieluMlp xielu_mlp(const Config& config, const std::string& name) {
  const std::int64_t inner = config.size("intermediate_size");
  const std::int64_t hidden_size = config.size("hidden_size");
  const auto parameter = [&](const std::string& part, const Shape& shape) {
    return TensorRef{name + ".act_fn." + part, shape, Role::vector};
  };
  return {.up_proj = linear(name + ".up_proj", inner, hidden_size, false),
          .down_proj = linear(name + ".down_proj", hidden_size, inner, false),
          .alpha_p = parameter("alpha_p", {1}),
          .alpha_n = parameter("alpha_n", {1}),
          .beta = parameter("beta", {}),
          .eps = parameter("eps", {})};
}

}  // namespace

extern const Family family{
    .model_types = {"apertus"}, .describe = [](const Config& config) {
      if (config.text("hidden_act", "xielu") != "xielu") {
        throw input_error("{}: hidden_act \"{}\" cannot be baked for this model_type; only xielu.",
                          config.where(), config.text("hidden_act"));
      }
      const Config usual =
          with_usual_rope(config.with_defaults({{"rms_norm_eps", 1e-5}}), usual_rope());
      const double eps = usual.number("rms_norm_eps");
      Decoder decoder =
          llama_like(usual, [&](const std::string& name) { return xielu_mlp(usual, name); });
      for (DecoderLayer& layer : decoder.layers) {
        layer.mixer->norm = rms_norm(layer.name + ".attention_layernorm", decoder.hidden_size, eps);
        layer.mlp->norm = rms_norm(layer.name + ".feedforward_layernorm", decoder.hidden_size, eps);
        layer.self_attn().qk_norm = rms_norms_of_heads(layer, eps);
      }
      return decoder;
    }};

}  // namespace ovbake::apertus
