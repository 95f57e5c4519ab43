// Rotary position embedding: every pair (a, b) becomes (a·cos − b·sin, b·cos + a·sin), in the forms
// that the plug-ins fuse.
#pragma once

#include "architecture/description/decoder.hpp"
#include "graph/ops.hpp"

namespace ovbake {

/// cos and sin of every position, laid out as the elements that they multiply: f32
/// [batch, 1, query, rotary_dim], or [batch, query, 1, rotary_dim] for interleaved pairs, which the
/// plug-ins fuse only before the heads come first.
struct RotaryTables {
  Value cos, sin;
};

RotaryTables make_rotary_tables(const Rope& rope, const Value& position_ids);

/// Turns the first rotary_dim elements of `heads` [batch, heads, query, head_dim].
Value apply_rotary(const Rope& rope, const RotaryTables& tables, const Value& heads,
                   std::int64_t head_dim);

}  // namespace ovbake
