#include "verify/graph_check.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "reader/element_types.hpp"
#include "reader/ir_reader.hpp"

namespace ovbake {
namespace {

class GraphCheck {
 public:
  GraphCheck(const ClaimedGraph& graph, const Claims& claims, Faults& faults)
      : graph_(graph), claims_(claims), faults_(faults) {
    for (const auto& tensor : claims.tensors) {
      for (const auto& constant : tensor.constants) unseen_.emplace(constant.name, &constant);
    }
    seen_.reserve(unseen_.size());
  }

  void visit(const IrLayer& layer) {
    ++nodes_;
    if (layer.constant) check_constant(layer, *layer.constant);
    if (graph_.is_static) check_static(layer);
  }

  std::uint64_t finish() {
    for (const auto& [name, constant] : unseen_) fault(name, "is no constant of this graph");
    return nodes_;
  }

 private:
  void fault(std::string_view node, std::string_view what) {
    faults_.add("{}: {} {}", graph_.file.string(), node, what);
  }

  void check_static(const IrLayer& layer) {
    for (const auto* ports : {&layer.inputs, &layer.outputs}) {
      for (const IrPort& port : *ports) {
        if (port.is_static()) continue;
        fault(layer.name, fmt::format("({}) has the dynamic shape {}", layer.type, to_text(port)));
        return;
      }
    }
    // A port of dynamic rank has no dimensions at all, but a Parameter's own attribute tells.
    const auto shape = layer.type == "Parameter" ? layer.attribute("shape") : "";
    if (shape.find_first_not_of("0123456789, ") != shape.npos) {
      fault(layer.name, fmt::format("(Parameter) has the dynamic shape [{}]", shape));
    }
  }

  void check_constant(const IrLayer& layer, const IrConstant& constant) {
    check_ports(layer, constant);
    if (constant.bytes > claims_.weights.bytes ||
        constant.offset > claims_.weights.bytes - constant.bytes) {
      return fault(layer.name, fmt::format("takes {} bytes from byte {} on, outside {} of {} bytes",
                                           constant.bytes, constant.offset,
                                           claims_.weights.file.string(), claims_.weights.bytes));
    }
    if (const ClaimedConstant* claimed = claimed_constant(layer.name)) {
      compare(layer.name, constant, *claimed);
    } else if (constant.offset < claims_.weights.graph_constants_offset) {
      fault(layer.name, fmt::format("reads the weights at byte {}, and bake.json knows no such "
                                    "constant",
                                    constant.offset));
    }
  }

  void check_ports(const IrLayer& layer, const IrConstant& constant) {
    const IrElementType* type = find_element_type(constant.element_type);
    if (type == nullptr) {
      return fault(layer.name, fmt::format("is of the unknown type {}", constant.element_type));
    }
    std::string wrong;
    try {
      const auto bytes = byte_count(type->type, constant.shape);
      if (bytes != constant.bytes) {
        wrong = fmt::format("is {}{} and has {} bytes instead of {}", constant.element_type,
                            to_string(constant.shape), constant.bytes, bytes);
      }
    } catch (const Error&) {
      wrong = fmt::format("has the impossible shape {}", to_string(constant.shape));
    }
    const bool one_port = layer.outputs.size() == 1;
    if (wrong.empty() && (!one_port || layer.outputs[0].shape != constant.shape ||
                          layer.outputs[0].element_type != constant.element_type)) {
      wrong = "has a port that is not of its type and shape";
    }
    if (!wrong.empty()) fault(layer.name, wrong);
  }

  /// Null for the graph's own constants.
  const ClaimedConstant* claimed_constant(std::string_view name) {
    if (auto found = unseen_.extract(name)) return seen_.insert(std::move(found)).position->second;
    const auto again = seen_.find(name);
    return again == seen_.end() ? nullptr : again->second;
  }

  void compare(std::string_view name, const IrConstant& here, const ClaimedConstant& claimed) {
    if (here.element_type != claimed.element_type || here.shape != claimed.shape) {
      fault(name,
            fmt::format("is {}{} here and {}{} in bake.json", here.element_type,
                        to_string(here.shape), claimed.element_type, to_string(claimed.shape)));
    }
    if (here.offset != claimed.offset || here.bytes != claimed.bytes) {
      fault(name, fmt::format("takes {} bytes from byte {} on here and {} from byte {} on in "
                              "bake.json",
                              here.bytes, here.offset, claimed.bytes, claimed.offset));
    }
  }

  const ClaimedGraph& graph_;
  const Claims& claims_;
  Faults& faults_;
  std::unordered_map<std::string_view, const ClaimedConstant*> unseen_, seen_;
  std::uint64_t nodes_ = 0;
};

}  // namespace

std::uint64_t check_graph(const File& xml, const ClaimedGraph& graph, const Claims& claims,
                          Faults& faults) {
  GraphCheck check(graph, claims, faults);
  try {
    read_ir(
        xml,
        {.layer = [&](const IrLayer& layer) { check.visit(layer); }, .edge = {}, .rt_info = {}});
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) throw;
    faults.add("{}: {}", graph.file.string(), error.what());
    return 0;
  }
  return check.finish();
}

}  // namespace ovbake
