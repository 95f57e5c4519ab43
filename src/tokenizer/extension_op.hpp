// A node of the openvino_tokenizers extension that exists only to be written into an IR.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <openvino/core/node_output.hpp>
#include <openvino/core/node_vector.hpp>
#include <openvino/core/partial_shape.hpp>
#include <openvino/core/type/element_type.hpp>

namespace ovbake {

/// Type and shape of one output.
struct Port {
  ov::element::Type type;
  ov::PartialShape shape;
};

using AttributeValue =
    std::variant<bool, std::int64_t, float, std::string, std::vector<std::int32_t>>;
using Attributes = std::vector<std::pair<std::string, AttributeValue>>;

/// The outputs of a new node that serializes as operation `name` of the extension. `name` must live
/// as long as the node: pass a literal.
ov::OutputVector extension_op(const char* name, const ov::OutputVector& inputs,
                              std::vector<Port> outputs, Attributes attributes = {});

}  // namespace ovbake
