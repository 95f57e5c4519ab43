#include "graph/blocks/blocks.hpp"

namespace ovbake {

Value Blocks::residual(const std::optional<Norm>& own_norm, NormPlacement placement, const Value& x,
                       const std::function<Value(const Value&)>& branch) {
  if (placement == NormPlacement::sum) {
    return norm(own_norm, make<ov::op::v1::Add>(x, branch(x)));
  }
  const Value normed = norm(own_norm, x);
  return make<ov::op::v1::Add>(placement == NormPlacement::input ? normed : x, branch(normed));
}

Value Blocks::layer(const DecoderLayer& layer, std::size_t index, const Value& hidden) {
  Value x = attention_and_mlp(layer, index, hidden);
  if (layer.per_layer_gate) x = apply(*layer.per_layer_gate, index, x);
  if (layer.layer_scalar) x = make<ov::op::v1::Multiply>(x, weights_(*layer.layer_scalar));
  return named(x, layer.name);
}

Value Blocks::attention_and_mlp(const DecoderLayer& layer, std::size_t index, const Value& hidden) {
  const auto run_attention = [&](const Value& x) {
    const Value made = attention(layer.self_attn, index, layer.name + ".self_attn", x);
    return scaled(norm(layer.attention_output_norm, made), layer.residual_multiplier);
  };
  const auto run_mlp = [&](const Value& x) {
    const Value made = std::visit([&](const auto& kind) { return mlp(kind, x); }, layer.mlp);
    return scaled(norm(layer.mlp_output_norm, made), layer.residual_multiplier);
  };

  if (layer.parallel) {
    const Value before = norm(layer.attention_norm, hidden);
    const Value attended = run_attention(before);
    const Value transformed = run_mlp(layer.mlp_norm ? norm(layer.mlp_norm, hidden) : before);
    const Value both = make<ov::op::v1::Add>(attended, transformed);
    return make<ov::op::v1::Add>(hidden, both);
  }
  const Value between = residual(layer.attention_norm, layer.norm_placement, hidden, run_attention);
  return residual(layer.mlp_norm, layer.norm_placement, between, run_mlp);
}

}  // namespace ovbake
