// BitNet: the llama block with norms of what o_proj and down_proj read, and a squared ReLU gate.
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "base/error.hpp"

namespace ovbake::bitnet {
namespace {

Decoder describe_bitnet(const Config& config) {
  if (config.has("quantization_config")) {
    throw input_error(
        "{}: quantization_config asks for ternary weights and 8-bit activations, which cannot be "
        "baked; use a checkpoint in bfloat16 without it.",
        config.where());
  }
  const Config usual = config.with_defaults(
      {{"hidden_act", "relu2"}, {"rms_norm_eps", 1e-5}, {"rope_theta", 500'000.0}});
  Decoder decoder = llama_like(usual);
  const double eps = usual.number("rms_norm_eps");
  for (DecoderLayer& layer : decoder.layers) {
    auto& mlp = std::get<GatedMlp>(layer.mlp->body);
    layer.self_attn().sub_norm =
        rms_norm(layer.name + ".self_attn.attn_sub_norm", decoder.hidden_size, eps);
    mlp.sub_norm = rms_norm(layer.name + ".mlp.ffn_sub_norm", mlp.up_proj.out_features(), eps);
  }
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"bitnet"}, .describe = describe_bitnet};

}  // namespace ovbake::bitnet
