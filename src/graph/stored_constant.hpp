// A weight in a graph: its type, its shape and the place of its bytes in the .bin file, but no
// bytes.
#pragma once

#include <cstdint>

#include <openvino/op/op.hpp>

namespace ovbake {

/// Serializes as the Const layer that a reader of the IR expects, at an offset known beforehand, so
/// that a graph is built and its XML is final before any weight exists. It cannot be computed or
/// folded: no pass that reads values may run on a graph that holds one.
class StoredConstant : public ov::op::Op {
 public:
  StoredConstant(const ov::element::Type& type, const ov::Shape& shape, std::uint64_t offset,
                 std::uint64_t bytes);

  static const ov::DiscreteTypeInfo& get_type_info_static();
  const ov::DiscreteTypeInfo& get_type_info() const override { return get_type_info_static(); }

  void validate_and_infer_types() override { set_output_type(0, type_, shape_); }
  bool visit_attributes(ov::AttributeVisitor& visitor) override;
  std::shared_ptr<ov::Node> clone_with_new_inputs(const ov::OutputVector& inputs) const override;

 private:
  ov::element::Type type_;
  ov::Shape shape_;
  std::uint64_t offset_;
  std::uint64_t bytes_;
};

}  // namespace ovbake
