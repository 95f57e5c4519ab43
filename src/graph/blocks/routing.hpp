// What routers and experts have in common.
#pragma once

#include "graph/ops.hpp"

namespace ovbake {

/// The experts that see a token and what each of them counts: i64 and f32 [tokens, top_k].
struct Routing {
  Value experts, weights;
  Value tokens;  ///< As experts see them: f32 [tokens, hidden].
};

/// f32 [rows, width]: `values` [rows, n] at `indices` [rows, n], 0 elsewhere.
Value dense(const Value& values, const Value& indices, std::int64_t width);

}  // namespace ovbake
