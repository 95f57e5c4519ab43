// Checkpoints that are no causal language model, or none whose weights can be read, although their
// config.json looks like one.
#pragma once

#include "source/checkpoint.hpp"

namespace ovbake {

/// Throws an input error that says what the checkpoint is (quantized by a method that is not read,
/// a draft for speculative decoding, a reward or embedding model) and what to bake instead.
void refuse_other_kinds(const Checkpoint& checkpoint);

/// Whether a head of its own is stored, whatever config.json says of it.
bool stores_head(const Checkpoint& checkpoint);

}  // namespace ovbake
