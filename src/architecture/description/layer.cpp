#include "architecture/description/layer.hpp"

#include <stdexcept>
#include <utility>

namespace ovbake {

std::vector<State> Attention::states() const {
  if (std::holds_alternative<BorrowedKeys>(projections)) return {};
  return {{.kind = StateKind::key, .shape = {num_key_value_heads, head_dim}},
          {.kind = StateKind::value, .shape = {num_key_value_heads, v_head_dim}}};
}

std::vector<State> LightningAttention::states() const {
  return {{.kind = StateKind::ssm, .shape = {num_attention_heads, head_dim, head_dim}}};
}

std::vector<State> states(const Mixer& mixer) {
  return std::visit(
      [](const auto& kind) -> std::vector<State> {
        if constexpr (requires { kind.states(); }) {
          return kind.states();
        } else {
          return {};
        }
      },
      mixer);
}

const Linear& gate_of(const Router& router) {
  return std::visit(
      [](const auto& kind) -> const Linear& {
        if constexpr (requires { kind.choice; }) {
          return kind.choice.gate;
        } else {
          return kind.gate;
        }
      },
      router);
}

const Attention& DecoderLayer::self_attn() const {
  if (mixer && std::holds_alternative<Attention>(mixer->body)) {
    return std::get<Attention>(mixer->body);
  }
  throw std::logic_error(name + " has no attention");
}

Attention& DecoderLayer::self_attn() {
  return const_cast<Attention&>(std::as_const(*this).self_attn());
}

}  // namespace ovbake
