#include <openvino/op/convert.hpp>
#include <openvino/op/divide.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/tanh.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

Value rows(const Value& table, const Value& indices) {
  return make<ov::op::v8::Gather>(table, make<ov::op::v0::Convert>(indices, ov::element::i32),
                                  scalar_i32(0));
}

}  // namespace

Value Blocks::embedding(const Decoder& decoder) {
  Value hidden = named(rows(weights_(decoder.embed_tokens), form_.input_ids()),
                       module_of(decoder.embed_tokens));
  hidden = scaled(hidden, decoder.embedding_multiplier);
  if (decoder.positions) {
    const Value row =
        make<ov::op::v1::Add>(form_.position_ids(), scalar_i64(decoder.positions->offset));
    hidden = make<ov::op::v1::Add>(hidden, rows(weights_(decoder.positions->table), row));
  }
  return norm(decoder.embedding_norm, hidden);
}

Value Blocks::logits(const Decoder& decoder, const Value& hidden) {
  const Value last = norm(decoder.norm, form_.rows_with_logits(hidden));
  const Value logits = linear(decoder.lm_head, scaled(last, decoder.logits_multiplier));
  if (!decoder.final_logit_softcapping) return logits;
  const Value cap = scalar_f32(static_cast<float>(*decoder.final_logit_softcapping));
  const Value bounded = make<ov::op::v0::Tanh>(make<ov::op::v1::Divide>(logits, cap));
  return make<ov::op::v1::Multiply>(bounded, cap);
}

}  // namespace ovbake
