// One graph's XML against the claims.
#pragma once

#include <cstdint>

#include "base/file.hpp"
#include "verify/claims.hpp"
#include "verify/faults.hpp"

namespace ovbake {

/// Proves that every Const layer is either a constant of bake.json with the same type, shape,
/// offset and size, or lies among the graphs' own; that none of bake.json's is missing; and, where
/// the graph is said to be static, that every input and every output of every node is. Threads may
/// call it at once. Returns the number of nodes.
std::uint64_t check_graph(const File& xml, const ClaimedGraph& graph, const Claims& claims,
                          Faults& faults);

}  // namespace ovbake
