// Fills the .bin file that the plan laid out: reads the checkpoint in file order, encodes, writes
// at the planned offsets. Memory is a few buffers a thread, whatever the size of the model.
#pragma once

#include <functional>
#include <span>

#include "base/file.hpp"
#include "compression/plan.hpp"
#include "filling/tensor_digests.hpp"
#include "source/checkpoint.hpp"

namespace ovbake {

/// What the work may take: so many threads, each with chunks of about so many bytes of the source.
struct WorkSpace {
  unsigned threads = 1;
  std::uint64_t chunk_bytes = 1 << 20;
};

struct FillOptions {
  WorkSpace space{};
  /// Forget the source's pages behind the reader, so that a bake does not push everything else out
  /// of the page cache.
  bool drop_source_cache = false;
  bool allow_nonfinite = false;  ///< Encode NaN and infinities as NNCF does.
  /// Of tensors that are in the file already and are left as they are; nothing: of none.
  Digests finished{};
};

/// Called once for each finished tensor with the digests of its constants, never from two threads
/// at once.
using TensorDone = std::function<void(const PlannedTensor&, std::span<const Digest>)>;

/// The most bytes that the buffers of fill_weights take.
std::uint64_t fill_memory(const CompressionPlan& plan, const WorkSpace& space);

/// Digests of every constant, parallel to plan.tensors[i].constants, taken of the bytes that were
/// handed to the kernel. Threads share large tensors, so all of them are busy until the end. Throws
/// an input error naming tensor, row and column for a weight that is not finite, or too large for
/// its format; what tensor_done
/// throws stops the work too.
Digests fill_weights(const CompressionPlan& plan, const Checkpoint& checkpoint, NewFile& bin,
                     const FillOptions& options, const TensorDone& tensor_done);

}  // namespace ovbake
