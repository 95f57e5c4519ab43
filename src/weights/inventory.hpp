// Brings together what a model needs and what its checkpoint holds.
#pragma once

#include <vector>

#include "architecture/decoder.hpp"
#include "source/checkpoint.hpp"
#include "weights/storage.hpp"

namespace ovbake {

struct InventoryItem {
  TensorRef tensor;
  Storage storage;
};

/// Every tensor of the model, in the order of computation. The checkpoint may lack the first part
/// of all names, as those of models without their head do. Throws one input error that lists every
/// tensor that is missing, has another shape or an unknown dtype, or is stored without being
/// needed. Stored tensors that hold no weight (buffers such as rotary_emb.inv_freq; the list is in
/// inventory.cpp) are left out silently, and so is an lm_head that equals the embedding to which
/// config.json ties it; only to compare the two are weights read.
std::vector<InventoryItem> take_inventory(const Decoder& decoder, const Checkpoint& checkpoint);

}  // namespace ovbake
