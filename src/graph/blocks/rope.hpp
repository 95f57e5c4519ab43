// Rotary position embedding: (x1, x2) ↦ (x1·cos − x2·sin, x2·cos + x1·sin) on the two halves of a
// head, in the form that the plug-ins fuse.
#pragma once

#include "architecture/decoder.hpp"
#include "graph/ops.hpp"

namespace ovbake {

/// cos and sin of every position and pair: f32 [batch, 1, query, head_dim].
struct RotaryTables {
  Value cos, sin;
};

RotaryTables make_rotary_tables(const Rope& rope, const Value& position_ids);

/// `heads`: [batch, heads, query, head_dim]
Value apply_rotary(const RotaryTables& tables, const Value& heads, std::int64_t head_dim);

}  // namespace ovbake
