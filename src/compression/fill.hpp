// Fills the .bin file that the plan laid out: reads the checkpoint in file order, encodes, writes
// at the planned offsets. Memory is a few buffers a thread, whatever the size of the model.
#pragma once

#include <functional>
#include <vector>

#include "base/file.hpp"
#include "base/xxh3.hpp"
#include "compression/plan.hpp"
#include "source/checkpoint.hpp"

namespace ovbake {

struct FillOptions {
  unsigned threads = 1;
  /// Forget the source's pages behind the reader, so that a bake does not push everything else out
  /// of the page cache.
  bool drop_source_cache = false;
};

/// Called once for each finished tensor, never from two threads at once.
using TensorDone = std::function<void(const PlannedTensor&)>;

/// The most bytes that the buffers of fill_weights take.
std::uint64_t fill_memory(const CompressionPlan& plan, unsigned threads);

/// Digests of every constant, parallel to plan.tensors[i].constants, taken of the bytes that were
/// handed to the kernel. Threads share large tensors, so all of them are busy until the end. Throws
/// an input error naming tensor, row and column for a weight that is not finite; what tensor_done
/// throws stops the work too.
std::vector<std::vector<Digest>> fill_weights(const CompressionPlan& plan,
                                              const Checkpoint& checkpoint, NewFile& bin,
                                              const FillOptions& options,
                                              const TensorDone& tensor_done);

}  // namespace ovbake
