// The plan as bake.json records it.
#pragma once

#include "base/json_fwd.hpp"
#include "compression/plan.hpp"
#include "filling/tensor_digests.hpp"

namespace ovbake {

/// One object a tensor, in the plan's order; `digests` is parallel to the plan's tensors and their
/// constants.
Json to_json(const CompressionPlan& plan, const Digests& digests);

/// Names of tensors that are not baked, by the reason.
Json to_json(const std::vector<IgnoredTensor>& ignored);

}  // namespace ovbake
