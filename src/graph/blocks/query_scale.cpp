#include <cmath>

#include <openvino/op/convert.hpp>
#include <openvino/op/divide.hpp>
#include <openvino/op/floor.hpp>
#include <openvino/op/log.hpp>
#include <openvino/op/maximum.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

/// log(x + 1)
Value log_of_next(const Value& x) {
  return make<ov::op::v0::Log>(make<ov::op::v1::Add>(x, scalar_f32(1)));
}

}  // namespace

Value Blocks::query_scale(const SteppedQueryScale& scale) {
  const Value position =
      make<ov::op::v0::Convert>(shifted(form_.position_ids(), scale.offset), ov::element::f32);
  const auto length = static_cast<float>(scale.length);
  const Value rounds =
      make<ov::op::v0::Floor>(make<ov::op::v1::Divide>(position, scalar_f32(length)));
  return make<ov::op::v1::Add>(scaled(log_of_next(rounds), scale.beta), scalar_f32(1));
}

Value Blocks::query_scale(const LogarithmicQueryScale& scale) {
  const Value position = make<ov::op::v0::Convert>(form_.position_ids(), ov::element::f32);
  const auto trained = std::log(static_cast<double>(scale.trained_length));
  return make<ov::op::v1::Maximum>(scaled(log_of_next(position), 1 / trained), scalar_f32(1));
}

}  // namespace ovbake
