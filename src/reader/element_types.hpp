// The element types that IR may name, with the two spellings it has for each.
#pragma once

#include <span>
#include <string_view>

#include "base/shape.hpp"

namespace ovbake {

struct IrElementType {
  ElementType type;           ///< As in a Const layer's element_type: "f32".
  std::string_view in_ports;  ///< As in a port's precision: "FP32".
};

/// Every type but "string", whose constants have no fixed width.
std::span<const IrElementType> ir_element_types();

/// Null for a name that no Const layer may carry.
const IrElementType* find_element_type(std::string_view name);

/// The name of a type in the words of a Const layer, whichever of the two spellings is given.
std::string_view element_type_of_port(std::string_view precision);

}  // namespace ovbake
