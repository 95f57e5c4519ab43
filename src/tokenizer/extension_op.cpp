#include "tokenizer/extension_op.hpp"

#include <memory>

#include <openvino/core/attribute_visitor.hpp>
#include <openvino/op/op.hpp>

namespace ovbake {
namespace {

class ExtensionOp : public ov::op::Op {
 public:
  ExtensionOp(const char* name, const ov::OutputVector& inputs, std::vector<Port> ports,
              Attributes attributes)
      : Op(inputs),
        type_info_(name, "extension"),
        ports_(std::move(ports)),
        attributes_(std::move(attributes)) {
    constructor_validate_and_infer_types();
  }

  const ov::DiscreteTypeInfo& get_type_info() const override { return type_info_; }

  void validate_and_infer_types() override {
    set_output_size(ports_.size());
    for (std::size_t i = 0; i < ports_.size(); ++i) {
      set_output_type(i, ports_[i].type, ports_[i].shape);
    }
  }

  bool visit_attributes(ov::AttributeVisitor& visitor) override {
    for (auto& [name, value] : attributes_) {
      std::visit([&visitor, &name = name](auto& v) { visitor.on_attribute(name, v); }, value);
    }
    return true;
  }

  std::shared_ptr<Node> clone_with_new_inputs(const ov::OutputVector& inputs) const override {
    return std::make_shared<ExtensionOp>(type_info_.name, inputs, ports_, attributes_);
  }

 private:
  ov::DiscreteTypeInfo type_info_;
  std::vector<Port> ports_;
  Attributes attributes_;
};

}  // namespace

ov::OutputVector extension_op(const char* name, const ov::OutputVector& inputs,
                              std::vector<Port> outputs, Attributes attributes) {
  return std::make_shared<ExtensionOp>(name, inputs, std::move(outputs), std::move(attributes))
      ->outputs();
}

}  // namespace ovbake
