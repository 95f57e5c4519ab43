// Which families a checkpoint of an unknown model_type is like, for whoever wants to describe it.
#pragma once

#include "architecture/decoder.hpp"
#include "source/checkpoint.hpp"

namespace ovbake {

/// As describe(config); but where model_type is unknown the error names the families that are
/// nearest by their tensors and their name, and what differs.
Decoder describe(const Checkpoint& checkpoint);

}  // namespace ovbake
