#include "compression/codec/decode.hpp"

#include <openvino/core/runtime_attribute.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/convert.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/multiply.hpp>
#include <openvino/op/reshape.hpp>
#include <openvino/op/subtract.hpp>

namespace ovbake {
namespace {

/// The runtime attribute by which OpenVINO's passes know a decompression; its own header is not
/// among the public ones.
class Decompression : public ov::RuntimeAttribute {
 public:
  OPENVINO_RTTI("decompression", "0", ov::RuntimeAttribute);
  bool visit_attributes(ov::AttributeVisitor& /*visitor*/) override { return true; }
  bool is_copyable() const override { return false; }
};

ov::Output<ov::Node> converted(const ov::Output<ov::Node>& value, const ov::element::Type& type) {
  if (value.get_element_type() == type) return value;
  return std::make_shared<ov::op::v0::Convert>(value, type);
}

template <typename Op>
ov::Output<ov::Node> named(const std::shared_ptr<Op>& node, const std::string& name) {
  node->set_friendly_name(name);
  return node;
}

}  // namespace

ov::Output<ov::Node> decompress_to_f32(const ov::Output<ov::Node>& value, const std::string& name) {
  const auto convert = std::make_shared<ov::op::v0::Convert>(value, ov::element::f32);
  convert->set_friendly_name(name + "/convert");
  convert->get_rt_info()[Decompression::get_type_info_static()] = Decompression();
  return convert;
}

ov::Output<ov::Node> decode_values(const WeightShape& weight, const ov::Output<ov::Node>& values,
                                   const ov::Output<ov::Node>& scale, const std::string& name) {
  ov::Output<ov::Node> value =
      named(std::make_shared<ov::op::v1::Multiply>(values, converted(scale, ov::element::f16)),
            name + "/fq_weights");
  if (weight.grouped()) {
    const auto shape =
        ov::op::v0::Constant::create(ov::element::i64, {weight.shape.size()}, weight.shape);
    value = named(std::make_shared<ov::op::v1::Reshape>(value, shape, false), name + "/reshape");
  }
  return decompress_to_f32(value, name);
}

ov::Output<ov::Node> decode_scaled(const WeightShape& weight, const ScaledConstants& constants,
                                   const std::string& name) {
  ov::Output<ov::Node> value = converted(constants.codes, ov::element::f16);
  if (constants.zero_point.get_node() != nullptr) {
    const auto zero_point = converted(constants.zero_point, ov::element::f16);
    value = named(std::make_shared<ov::op::v1::Subtract>(value, zero_point),
                  name + "/zero_point/subtract");
  }
  return decode_values(weight, value, constants.scale, name);
}

ov::Output<ov::Node> look_up(const ov::Output<ov::Node>& table, const ov::Output<ov::Node>& indices,
                             const std::string& name) {
  const auto axis = ov::op::v0::Constant::create(ov::element::i32, {}, {0});
  return named(std::make_shared<ov::op::v8::Gather>(converted(table, ov::element::f16),
                                                    converted(indices, ov::element::u8), axis),
               name);
}

ov::Output<ov::Node> multiply_scales(const ov::Output<ov::Node>& scale,
                                     const ov::Output<ov::Node>& second_order_scale,
                                     const std::string& name) {
  return converted(named(std::make_shared<ov::op::v1::Multiply>(converted(scale, ov::element::f32),
                                                                second_order_scale),
                         name),
                   ov::element::f16);
}

}  // namespace ovbake
