#include <openvino/op/convert.hpp>
#include <openvino/op/divide.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/tanh.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {

Value Blocks::look_up(const TensorRef& table, const Value& indices) {
  const Value narrow = make<ov::op::v0::Convert>(indices, ov::element::i32);
  const Value rows = make<ov::op::v8::Gather>(weights_(table), narrow, scalar_i32(0));
  return named(rows, module_of(table));
}

Value Blocks::embedding(const Decoder& decoder) {
  Value x = look_up(decoder.embed_tokens, form_.tokens());
  x = scaled(x, decoder.embedding_multiplier);
  if (decoder.project_in) x = linear(*decoder.project_in, x);
  if (decoder.embed_positions) {
    const Value added =
        std::visit([&](const auto& kind) { return positions(kind); }, *decoder.embed_positions);
    x = make<ov::op::v1::Add>(x, added);
  }
  if (decoder.per_layer_inputs) {
    per_layer_inputs_ = make_per_layer_inputs(*decoder.per_layer_inputs, decoder.layers.size(), x);
  }
  return norm(decoder.embedding_norm, x);
}

Value Blocks::logits(const Decoder& decoder, const Value& hidden) {
  Value last = norm(decoder.norm, form_.rows_with_logits(hidden));
  if (decoder.project_out) last = linear(*decoder.project_out, last);
  Value logits = linear(decoder.lm_head, scaled(last, decoder.logits_multiplier));
  if (!decoder.final_logit_softcapping) return logits;
  const Value cap = scalar_f32(static_cast<float>(*decoder.final_logit_softcapping));
  const Value bounded = make<ov::op::v0::Tanh>(make<ov::op::v1::Divide>(logits, cap));
  return make<ov::op::v1::Multiply>(bounded, cap);
}

}  // namespace ovbake
