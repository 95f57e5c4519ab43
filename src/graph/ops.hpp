// OpenVINO operations as the blocks write them: an output in, an output out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <openvino/core/node.hpp>
#include <openvino/op/add.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/multiply.hpp>

#include "architecture/description/decoder.hpp"

namespace ovbake {

using Value = ov::Output<ov::Node>;

/// The only output of a new node of type Op.
template <typename Op, typename... Args>
Value make(const Args&... args) {
  return std::make_shared<Op>(args...)->output(0);
}

/// The module that a tensor belongs to: its name without the last part (".weight").
std::string module_of(const TensorRef& tensor);
/// Names the node behind `value` and returns it.
Value named(Value value, const std::string& name);

Value scalar_i64(std::int64_t value);
Value scalar_i32(std::int32_t value);
Value scalar_f32(float value);
/// i64 [values.size()]
Value vector_i64(const std::vector<std::int64_t>& values);

/// Zero in a target dimension copies the input's, as in OpenVINO's special_zero.
Value reshape(const Value& value, const std::vector<std::int64_t>& shape);
Value transpose(const Value& value, const std::vector<std::int64_t>& order);
Value unsqueeze(const Value& value, std::int64_t axis);
/// value[…, begin:end, …] along `axis`
Value slice(const Value& value, std::int64_t begin, std::int64_t end, std::int64_t axis);
/// value[…, first::2, …] along `axis`
Value every_second(const Value& value, std::int64_t first, std::int64_t axis);
/// [a, b, c, d, e] → [a, b, c, d · e]; d and e must be known.
Value join_last_two(const Value& value);
Value concat(const ov::OutputVector& values, std::int64_t axis);
/// Size of `value` along `axis`: i64, shape [1].
Value dimension(const Value& value, std::int64_t axis);
/// value · factor; value itself where the factor is 1.
Value scaled(const Value& value, double factor);
/// i64 value + offset; value itself where the offset is 0.
Value shifted(const Value& value, std::int64_t offset);
/// i64 [stop − start]; both are i64 of shape [1].
Value range(const Value& start, const Value& stop);

}  // namespace ovbake
