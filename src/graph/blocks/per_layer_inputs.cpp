#include <cmath>

#include "graph/blocks/activation.hpp"
#include "graph/blocks/blocks.hpp"

namespace ovbake {

Value Blocks::make_per_layer_inputs(const PerLayerInputs& inputs, std::size_t layers,
                                    const Value& embedded) {
  const auto count = static_cast<std::int64_t>(layers);
  const auto by_layer = [&](const Value& x) { return reshape(x, {0, 0, count, inputs.width}); };
  const Value of_token =
      scaled(look_up(inputs.embed_tokens, form_.tokens()), inputs.embedding_multiplier);
  const Value of_embedding =
      norm(inputs.norm,
           by_layer(scaled(linear(inputs.projection, embedded), inputs.projection_multiplier)));
  return scaled(make<ov::op::v1::Add>(of_embedding, by_layer(of_token)), std::sqrt(0.5));
}

Value Blocks::apply(const PerLayerGate& gate, std::size_t layer, const Value& x) {
  const auto index = static_cast<std::int64_t>(layer);
  const Value own =
      reshape(slice(*per_layer_inputs_, index, index + 1, 2), {0, 0, gate.gate.out_features()});
  const Value opened = activate(gate.hidden_act, linear(gate.gate, x));
  const Value made = linear(gate.projection, make<ov::op::v1::Multiply>(opened, own));
  return make<ov::op::v1::Add>(x, norm(gate.norm, made));
}

}  // namespace ovbake
