// Brings together what a model needs and what its checkpoint holds.
#pragma once

#include <string>
#include <vector>

#include <ovbake/ovbake.hpp>

#include "architecture/description/decoder.hpp"
#include "source/checkpoint.hpp"
#include "weights/storage.hpp"

namespace ovbake {

struct InventoryItem {
  TensorRef tensor;
  Storage storage;
};

struct Inventory {
  std::vector<InventoryItem> items;  ///< Every tensor of the model, in the order of computation.
  /// Stored tensors that no forward pass of the model reads, as SurplusJudge has it, or that
  /// `ignore_tensors` names; in the order of the files.
  std::vector<IgnoredTensor> ignored;
};

/// Finds what the model needs, under whatever prefix the checkpoint stores it. Throws one input
/// error that lists every tensor that is missing, has another shape or an unknown dtype, or might
/// matter without being described, unless one of the shell patterns `ignore_tensors` matches it. An
/// lm_head that config.json ties to the embedding is left out if its values are the same; only to
/// compare the two are weights read.
Inventory take_inventory(const Decoder& decoder, const Checkpoint& checkpoint,
                         const std::vector<std::string>& ignore_tensors);

}  // namespace ovbake
