#include "graph/blocks/blocks.hpp"

namespace ovbake {

Value Blocks::layer(const DecoderLayer& layer, std::size_t index, const Value& hidden) {
  const auto run_mlp = [&](const Value& x) {
    const Value made = std::visit([&](const auto& kind) { return mlp(kind, x); }, layer.mlp);
    return scaled(norm(layer.mlp_output_norm, made), layer.residual_multiplier);
  };

  const Value before = norm(layer.attention_norm, hidden);
  Value attended = attention(layer.self_attn, index, layer.name + ".self_attn", before);
  attended = scaled(norm(layer.attention_output_norm, attended), layer.residual_multiplier);
  if (layer.parallel) {
    const Value transformed = run_mlp(layer.mlp_norm ? norm(layer.mlp_norm, hidden) : before);
    const Value both = make<ov::op::v1::Add>(attended, transformed);
    return named(make<ov::op::v1::Add>(hidden, both), layer.name);
  }
  const Value between = make<ov::op::v1::Add>(hidden, attended);
  const Value transformed = run_mlp(norm(layer.mlp_norm, between));
  return named(make<ov::op::v1::Add>(between, transformed), layer.name);
}

}  // namespace ovbake
