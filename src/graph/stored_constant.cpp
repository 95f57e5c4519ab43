#include "graph/stored_constant.hpp"

namespace ovbake {

StoredConstant::StoredConstant(const ov::element::Type& type, const ov::Shape& shape,
                               std::uint64_t offset, std::uint64_t bytes)
    : type_(type), shape_(shape), offset_(offset), bytes_(bytes) {
  constructor_validate_and_infer_types();
}

const ov::DiscreteTypeInfo& StoredConstant::get_type_info_static() {
  static const ov::DiscreteTypeInfo info{"Const", "opset1"};
  return info;
}

bool StoredConstant::visit_attributes(ov::AttributeVisitor& visitor) {
  visitor.on_attribute("element_type", type_);
  visitor.on_attribute("shape", shape_);
  visitor.on_attribute("offset", offset_);
  visitor.on_attribute("size", bytes_);
  return true;
}

std::shared_ptr<ov::Node> StoredConstant::clone_with_new_inputs(const ov::OutputVector&) const {
  return std::make_shared<StoredConstant>(type_, shape_, offset_, bytes_);
}

}  // namespace ovbake
