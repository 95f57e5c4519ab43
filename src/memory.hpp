// How much memory a bake takes.
#pragma once

#include <cstdint>

#include "architecture/decoder.hpp"
#include "compression/plan.hpp"
#include "source/checkpoint.hpp"

namespace ovbake {

/// An upper bound of the resident memory of a bake: the program's code, then the larger of what
/// converting the tokenizer takes and what one graph with all its nodes does (both are bounds of
/// measurements), then the buffers of `threads` threads, which are counted. What the page cache
/// holds of the checkpoint is not in it.
std::uint64_t peak_memory(const Decoder& decoder, const CompressionPlan& plan,
                          const Checkpoint& checkpoint, bool convert_tokenizer, unsigned threads);

}  // namespace ovbake
