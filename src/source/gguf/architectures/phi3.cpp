// Phi-3, 3.5 and Phi-4: queries, keys and values in one tensor, gate and up in another that is
// called ffn_up. A window of 0 is none.
#include <array>

#include "source/gguf/architecture.hpp"

namespace ovbake::phi3 {
namespace {

constexpr auto kNames = std::to_array<GgufName>({{"ffn_up", "mlp.gate_up_proj"}});

Json config(const GgufModel& model) {
  Json json = common_config(model, "phi3", "Phi3ForCausalLM");
  json["hidden_act"] = "silu";
  json["original_max_position_embeddings"] = model.metadata().integer(
      model.key("rope.scaling.original_context_length"), model.integer("context_length"));
  model.metadata().mark_read(model.key("rope.scaling.attn_factor"));
  const std::int64_t window = model.metadata().integer(model.key("attention.sliding_window"), 0);
  if (window > 0) json["sliding_window"] = window;
  return json;
}

}  // namespace

extern const GgufArchitecture gguf{.name = "phi3", .config = config, .names = [](const GgufModel&) {
                                     return std::span<const GgufName>(kNames);
                                   }};

}  // namespace ovbake::phi3
