#include <openvino/op/convert.hpp>
#include <openvino/op/divide.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/tanh.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {

Value Blocks::embedding(const Decoder& decoder) {
  const Value ids = make<ov::op::v0::Convert>(form_.input_ids(), ov::element::i32);
  const Value rows = make<ov::op::v8::Gather>(weights_(decoder.embed_tokens), ids, scalar_i32(0));
  return scaled(named(rows, module_of(decoder.embed_tokens)), decoder.embedding_multiplier);
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
