#include <openvino/op/convert.hpp>
#include <openvino/op/gather.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {

Value Blocks::embedding(const TensorRef& embed_tokens) {
  const Value ids = make<ov::op::v0::Convert>(form_.input_ids(), ov::element::i32);
  const Value rows =
      make<ov::op::v8::Gather>(weights_(embed_tokens), ids,
                               ov::op::v0::Constant::create(ov::element::i32, {}, {0})->output(0));
  return named(rows, "model.embed_tokens");
}

}  // namespace ovbake
