// How much memory a bake takes.
#pragma once

#include <cstdint>

#include <ovbake/ovbake.hpp>

#include "architecture/description/decoder.hpp"
#include "compression/plan.hpp"
#include "filling/fill.hpp"
#include "source/checkpoint.hpp"

namespace ovbake {

/// An upper bound of the resident memory of a bake: the program's code, then the larger of what
/// converting the tokenizer takes and what one graph with all its nodes does (both are bounds of
/// measurements), then the buffers of the threads, which are counted. What the page cache
/// holds of the checkpoint is not in it.
std::uint64_t peak_memory(const Decoder& decoder, const CompressionPlan& plan,
                          const Checkpoint& checkpoint, const BakeOptions& options,
                          const WorkSpace& space);

/// As many of `threads` threads, with as large chunks, as options.max_memory allows. Throws a usage
/// error that names the least that would do where it allows none.
WorkSpace work_space(const Decoder& decoder, const CompressionPlan& plan,
                     const Checkpoint& checkpoint, const BakeOptions& options, unsigned threads);

}  // namespace ovbake
