// OpenVINO IR as it lies on the disk: the XML of a graph, read as a stream, so that memory does not
// grow with the graph. It trusts nothing: whoever wrote the file may have meant harm.
// Format: https://docs.openvino.ai/2026/documentation/openvino-ir-format.html
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file.hpp"
#include "base/shape.hpp"

namespace ovbake {

/// A dimension of a port that is not known.
inline constexpr std::int64_t kDynamicDimension = -1;

struct IrPort {
  std::string id;
  std::string element_type;  ///< In the words of a Const layer: "f32".
  std::string names;         ///< Of the tensor, comma-separated; often empty.
  Shape shape;               ///< A port of dynamic rank looks like a scalar.

  bool is_static() const;
};

/// What a Const layer says of the bytes that it stands for.
struct IrConstant {
  std::string element_type;
  Shape shape;
  std::uint64_t offset;  ///< In the .bin file.
  std::uint64_t bytes;
};

struct IrLayer {
  std::string id, name, type;
  std::size_t depth = 0;  ///< 0 in the graph itself, more in the bodies of loops and branches.
  std::vector<std::pair<std::string, std::string>> attributes;  ///< Of its <layer> and <data>.
  std::vector<IrPort> inputs, outputs;
  std::optional<IrConstant> constant;  ///< Where type is "Const".

  /// Empty where there is none of this name.
  std::string_view attribute(std::string_view key) const;
};

struct IrEdge {
  std::string_view from_layer, from_port, to_layer, to_port;
};

/// Called in the order of the file, where a callback is set.
struct IrVisitor {
  std::function<void(const IrLayer&)> layer;
  std::function<void(const IrEdge&)> edge;  ///< Of the graph itself, not of bodies.
  /// An entry of the graph's rt_info; `path` is such as "nncf/weight_compression/mode".
  std::function<void(std::string_view path, std::string_view value)> rt_info;
};

/// Reads the whole of `xml` and returns the name of its graph. Throws an input error that names
/// file and line where it is no well-formed IR of version 10 or 11; what a visitor throws is passed
/// on.
std::string read_ir(const File& xml, const IrVisitor& visitor);

/// "[1, ?, 64]"
std::string to_text(const IrPort& port);

}  // namespace ovbake
