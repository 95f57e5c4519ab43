#include "graph/ops.hpp"

#include <limits>

#include <openvino/op/concat.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/range.hpp>
#include <openvino/op/reshape.hpp>
#include <openvino/op/shape_of.hpp>
#include <openvino/op/slice.hpp>
#include <openvino/op/squeeze.hpp>
#include <openvino/op/transpose.hpp>
#include <openvino/op/unsqueeze.hpp>

namespace ovbake {

std::string module_of(const TensorRef& tensor) {
  return tensor.name.substr(0, tensor.name.rfind('.'));
}

Value named(Value value, const std::string& name) {
  value.get_node()->set_friendly_name(name);
  return value;
}

Value scalar_i64(std::int64_t value) {
  return ov::op::v0::Constant::create(ov::element::i64, {}, {value});
}

Value scalar_i32(std::int32_t value) {
  return ov::op::v0::Constant::create(ov::element::i32, {}, {value});
}

Value scalar_f32(float value) {
  return ov::op::v0::Constant::create(ov::element::f32, {}, {value});
}

Value vector_i64(const std::vector<std::int64_t>& values) {
  return ov::op::v0::Constant::create(ov::element::i64, {values.size()}, values);
}

Value reshape(const Value& value, const std::vector<std::int64_t>& shape) {
  return make<ov::op::v1::Reshape>(value, vector_i64(shape), true);
}

Value transpose(const Value& value, const std::vector<std::int64_t>& order) {
  return make<ov::op::v1::Transpose>(value, vector_i64(order));
}

Value unsqueeze(const Value& value, std::int64_t axis) {
  return make<ov::op::v0::Unsqueeze>(value, scalar_i64(axis));
}

Value slice(const Value& value, std::int64_t begin, std::int64_t end, std::int64_t axis) {
  return make<ov::op::v8::Slice>(value, vector_i64({begin}), vector_i64({end}), vector_i64({1}),
                                 vector_i64({axis}));
}

Value every_second(const Value& value, std::int64_t first, std::int64_t axis) {
  return make<ov::op::v8::Slice>(value, vector_i64({first}),
                                 vector_i64({std::numeric_limits<std::int64_t>::max()}),
                                 vector_i64({2}), vector_i64({axis}));
}

Value join_last_two(const Value& value) {
  const ov::PartialShape& shape = value.get_partial_shape();
  const std::int64_t joined = shape[3].get_length() * shape[4].get_length();
  return reshape(value, {0, 0, 0, joined});
}

Value concat(const ov::OutputVector& values, std::int64_t axis) {
  return make<ov::op::v0::Concat>(values, axis);
}

Value dimension(const Value& value, std::int64_t axis) {
  return make<ov::op::v8::Gather>(make<ov::op::v3::ShapeOf>(value), vector_i64({axis}),
                                  scalar_i64(0));
}

Value scaled(const Value& value, double factor) {
  if (factor == 1) return value;
  return make<ov::op::v1::Multiply>(value, scalar_f32(static_cast<float>(factor)));
}

Value shifted(const Value& value, std::int64_t offset) {
  return offset == 0 ? value : make<ov::op::v1::Add>(value, scalar_i64(offset));
}

Value range(const Value& start, const Value& stop) {
  const auto scalar = [](const Value& value) {
    return make<ov::op::v0::Squeeze>(value, scalar_i64(0));
  };
  return make<ov::op::v4::Range>(scalar(start), scalar(stop), scalar_i64(1), ov::element::i64);
}

}  // namespace ovbake
