#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

bool skips_attention(const DecoderLayer& layer) {
  return layer.substitute && std::holds_alternative<Skipped>(*layer.substitute);
}

}  // namespace

Value Blocks::residual(const std::optional<Norm>& own_norm, NormPlacement placement,
                       const Multipliers& multipliers, const Value& x,
                       const std::function<Value(const Value&)>& branch) {
  const auto sum = [&](const Value& stream, const Value& read) {
    return make<ov::op::v1::Add>(scaled(stream, multipliers.residual),
                                 scaled(branch(read), multipliers.branch));
  };
  if (placement == NormPlacement::sum) return norm(own_norm, sum(x, x));
  const Value normed = norm(own_norm, x);
  return sum(placement == NormPlacement::input ? normed : x, normed);
}

Value Blocks::layer(const DecoderLayer& layer, std::size_t index, const Value& hidden) {
  Value x = attention_and_mlp(layer, index, hidden);
  if (layer.per_layer_gate) x = apply(*layer.per_layer_gate, index, x);
  if (layer.layer_scalar) x = make<ov::op::v1::Multiply>(x, weights_(*layer.layer_scalar));
  return named(x, layer.name);
}

Value Blocks::mixed(const DecoderLayer& layer, std::size_t index, const Value& x) {
  const std::string name = layer.name + ".self_attn";
  if (!layer.substitute) return attention(layer.self_attn, index, name, x);
  if (const auto* projection = std::get_if<Linear>(&*layer.substitute))
    return linear(*projection, x);
  return lightning_attention(std::get<LightningAttention>(*layer.substitute), index, name, x);
}

Value Blocks::attention_and_mlp(const DecoderLayer& layer, std::size_t index, const Value& hidden) {
  const auto run_attention = [&](const Value& x) {
    return norm(layer.attention_output_norm, mixed(layer, index, x));
  };
  const auto run_mlp = [&](const Value& x) {
    const Value made = std::visit([&](const auto& kind) { return mlp(kind, x); }, *layer.mlp);
    return norm(layer.mlp_output_norm, made);
  };

  if (layer.parallel) {
    const Value before = norm(layer.attention_norm, hidden);
    const Value attended = run_attention(before);
    const Value transformed = run_mlp(layer.mlp_norm ? norm(layer.mlp_norm, hidden) : before);
    const Value both = make<ov::op::v1::Add>(scaled(attended, layer.attention_multipliers.branch),
                                             scaled(transformed, layer.mlp_multipliers.branch));
    return make<ov::op::v1::Add>(hidden, both);
  }
  Value x = hidden;
  if (!skips_attention(layer)) {
    x = residual(layer.attention_norm, layer.norm_placement, layer.attention_multipliers, x,
                 run_attention);
  }
  if (!layer.mlp) return x;
  return residual(layer.mlp_norm, layer.norm_placement, layer.mlp_multipliers, x, run_mlp);
}

}  // namespace ovbake
