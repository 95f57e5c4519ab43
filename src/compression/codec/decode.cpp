#include "compression/codec/decode.hpp"

#include <openvino/core/runtime_attribute.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/convert.hpp>
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

}  // namespace

ov::Output<ov::Node> decompress_to_f32(const ov::Output<ov::Node>& value, const std::string& name) {
  const auto convert = std::make_shared<ov::op::v0::Convert>(value, ov::element::f32);
  convert->set_friendly_name(name + "/convert");
  convert->get_rt_info()[Decompression::get_type_info_static()] = Decompression();
  return convert;
}

ov::Output<ov::Node> decode_scaled(const WeightShape& weight, const ScaledConstants& constants,
                                   const std::string& name) {
  ov::Output<ov::Node> value =
      std::make_shared<ov::op::v0::Convert>(constants.codes, ov::element::f16);
  if (constants.zero_point.get_node() != nullptr) {
    const auto zero_point =
        std::make_shared<ov::op::v0::Convert>(constants.zero_point, ov::element::f16);
    const auto subtract = std::make_shared<ov::op::v1::Subtract>(value, zero_point);
    subtract->set_friendly_name(name + "/zero_point/subtract");
    value = subtract;
  }
  const auto multiply = std::make_shared<ov::op::v1::Multiply>(value, constants.scale);
  multiply->set_friendly_name(name + "/fq_weights");
  value = multiply;
  if (weight.grouped()) {
    const auto shape =
        ov::op::v0::Constant::create(ov::element::i64, {weight.shape.size()}, weight.shape);
    const auto reshape = std::make_shared<ov::op::v1::Reshape>(value, shape, false);
    reshape->set_friendly_name(name + "/reshape");
    value = reshape;
  }
  return decompress_to_f32(value, name);
}

}  // namespace ovbake
