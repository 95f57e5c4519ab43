// Qwen3 with experts: qwen3 whose layers, but for those that config.json lists, are mixtures.
#include "architecture/experts.hpp"
#include "architecture/family.hpp"
#include "architecture/llama_like.hpp"
#include "architecture/sliding_window.hpp"

namespace ovbake::qwen3_moe {
namespace {

/// The vision-language models were published with experts [in, out], and are saved again as
/// [out, in].
void allow_transposed_stacks(Decoder& decoder) {
  for (DecoderLayer& layer : decoder.layers) {
    auto* moe = std::get_if<MixtureOfExperts>(&layer.mlp->body);
    if (moe == nullptr) continue;
    auto& experts = std::get<GatedExperts>(moe->experts);
    for (TensorRef* stack : {&experts.gate_proj, &experts.up_proj, &experts.down_proj}) {
      stack->layouts.push_back(stack->layouts.back());
      stack->layouts.back().transposed = true;
    }
  }
}

}  // namespace

extern const Family family{
    .model_types = {"qwen3_moe", "qwen3_vl_moe_text"}, .describe = [](const Config& config) {
      Decoder decoder = llama_like(config);
      norm_heads(decoder, config.number("rms_norm_eps", 1e-6));
      mix_as_qwen(decoder, config.with_defaults({{"num_experts_per_tok", 8}}));
      if (config.text("model_type") == "qwen3_vl_moe_text") {
        ignore_windows(config);
        allow_transposed_stacks(decoder);
        return decoder;
      }
      if (config.flag("use_sliding_window", false)) slide_everywhere(decoder, config);
      for (const auto key : {"sliding_window", "max_window_layers"}) config.mark_read(key);
      return decoder;
    }};

}  // namespace ovbake::qwen3_moe
