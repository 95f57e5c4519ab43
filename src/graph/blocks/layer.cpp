// A layer: its branches, and how they join the residual stream.
#include "graph/blocks/blocks.hpp"

namespace ovbake {

Value Blocks::join(const std::optional<Norm>& own_norm, const Residual& residual, const Value& x,
                   const std::function<Value(const Value&)>& body) {
  using Placement = Residual::Placement;
  const auto sum = [&](const Value& stream, const Value& read) {
    return make<ov::op::v1::Add>(scaled(stream, residual.stream),
                                 scaled(body(read), residual.branch));
  };
  if (residual.placement == Placement::sum) return norm(own_norm, sum(x, x));
  const Value normed = norm(own_norm, x);
  return sum(residual.placement == Placement::input ? normed : x, normed);
}

Value Blocks::layer(const DecoderLayer& layer, std::size_t index, const Value& hidden) {
  const Site site{.layer = index, .name = layer.name + ".self_attn", .slots = slots_.at(index)};
  Value x = branches(layer, site, hidden);
  if (layer.per_layer_gate) x = apply(*layer.per_layer_gate, index, x);
  if (layer.layer_scalar) x = make<ov::op::v1::Multiply>(x, weights_(*layer.layer_scalar));
  return named(x, layer.name);
}

Value Blocks::branches(const DecoderLayer& layer, const Site& site, const Value& hidden) {
  const auto run_mixer = [&](const Value& x) {
    const Value made =
        std::visit([&](const auto& kind) { return mix(kind, site, x); }, layer.mixer->body);
    return norm(layer.mixer->output_norm, made);
  };
  const auto run_mlp = [&](const Value& x) {
    const Value made = std::visit([&](const auto& kind) { return mlp(kind, x); }, layer.mlp->body);
    return norm(layer.mlp->output_norm, made);
  };

  if (layer.arrangement != Arrangement::sequential) {
    const bool shared = layer.arrangement == Arrangement::shared_norm;
    const Value normed = norm(layer.mixer->norm, hidden);
    const Value mixed = run_mixer(normed);
    const Value transformed = run_mlp(shared ? normed : norm(layer.mlp->norm, hidden));
    const Value both = make<ov::op::v1::Add>(scaled(mixed, layer.mixer->residual.branch),
                                             scaled(transformed, layer.mlp->residual.branch));
    return make<ov::op::v1::Add>(hidden, both);
  }
  Value x = hidden;
  if (layer.mixer) x = join(layer.mixer->norm, layer.mixer->residual, x, run_mixer);
  if (layer.mlp) x = join(layer.mlp->norm, layer.mlp->residual, x, run_mlp);
  return x;
}

}  // namespace ovbake
