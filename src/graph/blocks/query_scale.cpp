#include <openvino/op/convert.hpp>
#include <openvino/op/divide.hpp>
#include <openvino/op/floor.hpp>
#include <openvino/op/log.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {

Value Blocks::scale_queries(const QueryScale& scale, const Value& query) {
  const Value position = make<ov::op::v0::Convert>(form_.position_ids(), ov::element::f32);
  const auto length = static_cast<float>(scale.original_max_position_embeddings);
  const Value rounds =
      make<ov::op::v0::Floor>(make<ov::op::v1::Divide>(position, scalar_f32(length)));
  const Value growth = make<ov::op::v0::Log>(make<ov::op::v1::Add>(rounds, scalar_f32(1)));
  const Value factor = make<ov::op::v1::Add>(scaled(growth, scale.beta), scalar_f32(1));
  return make<ov::op::v1::Multiply>(query, unsqueeze(unsqueeze(factor, 1), 3));
}

}  // namespace ovbake
