// Llama 1 to 3.3, Mistral, Mixtral and all that converters call so. Llama 3.1's frequencies come as
// factors in the tensor rope_freqs.
#include <array>

#include "source/gguf/architecture.hpp"

namespace ovbake::llama {
namespace {

bool is_mixture(const GgufModel& model) {
  return model.has("expert_count") && model.integer("expert_count") > 0;
}

std::span<const GgufName> names(const GgufModel& model) {
  static constexpr auto kMixtral = std::to_array<GgufName>({
      {"ffn_gate_inp", "block_sparse_moe.gate"},
      {"ffn_gate_exps", "block_sparse_moe.experts.*.w1"},
      {"ffn_up_exps", "block_sparse_moe.experts.*.w3"},
      {"ffn_down_exps", "block_sparse_moe.experts.*.w2"},
  });
  return is_mixture(model) ? std::span<const GgufName>(kMixtral) : std::span<const GgufName>();
}

Json config(const GgufModel& model) {
  if (is_mixture(model)) {
    Json json = common_config(model, "mixtral", "MixtralForCausalLM");
    json["num_local_experts"] = model.integer("expert_count");
    json["num_experts_per_tok"] = model.integer("expert_used_count");
    json["hidden_act"] = "silu";
    return json;
  }
  for (const char* key : {"expert_count", "expert_used_count"}) {
    model.metadata().mark_read(model.key(key));
  }
  Json json = common_config(model, "llama", "LlamaForCausalLM");
  json["hidden_act"] = "silu";
  json["attention_bias"] = model.find("blk.0.attn_q.bias") != nullptr;
  json["mlp_bias"] = model.find("blk.0.ffn_up.bias") != nullptr;
  return json;
}

}  // namespace

extern const GgufArchitecture gguf{
    .name = "llama", .config = config, .names = names, .interleaved_heads = true};

}  // namespace ovbake::llama
