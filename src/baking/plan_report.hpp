// A plan in the words of the public face, with the verdict of the device that it is for.
#pragma once

#include <cstdint>

#include <ovbake/ovbake.hpp>

#include "architecture/description/decoder.hpp"
#include "compression/plan.hpp"
#include "source/checkpoint.hpp"

namespace ovbake {

/// All but what memory it takes and which keys of config.json it ignores. `options` are those that
/// were asked for, with defaults.
PlanReport report(const Decoder& decoder, const CompressionPlan& plan, const BakeOptions& options,
                  const BakeOptions& asked);

/// Adds warnings of modalities that the result takes no more and of files that nobody missed.
void warn_of_what_is_left_out(const Checkpoint& checkpoint, PlanReport& report);

/// Bytes of the tensors stored in 4 bits, scales and zero points included.
std::uint64_t int4_bytes(const CompressionPlan& plan);

/// Throws a usage error with every refusal.
void require_target(const PlanReport& report);

}  // namespace ovbake
