// The folder of a Hugging Face model: config.json, and the weights in one file (model.safetensors)
// or in shards (model.safetensors.index.json).
#pragma once

#include "source/checkpoint_parts.hpp"
#include "source/model_files.hpp"

namespace ovbake {

/// Throws an input error where the folder, config.json or the weights are missing or malformed, or
/// where the index and the shards disagree.
CheckpointParts read_safetensors_folder(const ModelFiles& files);

}  // namespace ovbake
