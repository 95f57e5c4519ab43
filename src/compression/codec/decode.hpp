// The subgraphs that turn constants back into f32, in the form that the plug-ins recognise as
// compressed weights because NNCF writes it so.
#pragma once

#include <string>

#include <openvino/core/node.hpp>

#include "compression/format.hpp"

namespace ovbake {

/// What the constants of a scaled weight are for; zero_point may be empty.
struct ScaledConstants {
  ov::Output<ov::Node> codes;
  ov::Output<ov::Node> zero_point;
  ov::Output<ov::Node> scale;
};

/// Convert f16 → [Subtract zero point] → Multiply scale → [Reshape to weight.shape] → Convert f32.
ov::Output<ov::Node> decode_scaled(const WeightShape& weight, const ScaledConstants& constants,
                                   const std::string& name);

/// Convert to f32, marked as decompression, so that plug-ins may keep the constant narrow.
ov::Output<ov::Node> decompress_to_f32(const ov::Output<ov::Node>& value, const std::string& name);

}  // namespace ovbake
