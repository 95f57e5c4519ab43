// The subgraphs that turn constants back into f32, in the form that the plug-ins recognise as
// compressed weights because NNCF writes it so.
#pragma once

#include <string>

#include <openvino/core/node.hpp>

#include "compression/format.hpp"

namespace ovbake {

/// What the constants of a scaled weight are for; zero_point may be empty. Whatever is not f16 is
/// converted to it.
struct ScaledConstants {
  ov::Output<ov::Node> codes;
  ov::Output<ov::Node> zero_point;
  ov::Output<ov::Node> scale;
};

/// Convert f16 → [Subtract zero point] → Multiply scale → [Reshape to weight.shape] → Convert f32.
ov::Output<ov::Node> decode_scaled(const WeightShape& weight, const ScaledConstants& constants,
                                   const std::string& name);

/// The part behind the codes: values f16 → Multiply scale → [Reshape] → Convert f32.
ov::Output<ov::Node> decode_values(const WeightShape& weight, const ov::Output<ov::Node>& values,
                                   const ov::Output<ov::Node>& scale, const std::string& name);

/// The elements of `table`, as f16, at `indices`.
ov::Output<ov::Node> look_up(const ov::Output<ov::Node>& table, const ov::Output<ov::Node>& indices,
                             const std::string& name);

/// scale · second_order_scale, multiplied as f32, as f16.
ov::Output<ov::Node> multiply_scales(const ov::Output<ov::Node>& scale,
                                     const ov::Output<ov::Node>& second_order_scale,
                                     const std::string& name);

/// Convert to f32, marked as decompression, so that plug-ins may keep the constant narrow.
ov::Output<ov::Node> decompress_to_f32(const ov::Output<ov::Node>& value, const std::string& name);

}  // namespace ovbake
