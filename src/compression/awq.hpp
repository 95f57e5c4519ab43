// AWQ as NNCF does it without data: the columns of a projection are scaled to one magnitude before
// they are rounded to few bits.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "architecture/description/decoder.hpp"
#include "compression/plan.hpp"
#include "source/checkpoint.hpp"

namespace ovbake {

/// Marks the weights that AWQ changes, once all formats are chosen. Targets are down projections of
/// at most 4 bits that read a product with what another projection makes, or silu or relu.
void apply_awq(const Decoder& decoder, std::vector<PlannedTensor>& tensors);

/// By the names of AWQ's targets: a scale for each column, of each matrix of a stack.
using AwqScales = std::unordered_map<std::string, std::vector<float>>;

/// Streams the targets once; a scale is 1 / mean(|column|).
AwqScales awq_scales(const CompressionPlan& plan, const Checkpoint& checkpoint, unsigned threads);

}  // namespace ovbake
