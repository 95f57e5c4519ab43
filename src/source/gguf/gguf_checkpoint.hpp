// A model in GGUF as a checkpoint: its metadata as config.json and tokenizer files, its tensors
// under the names of transformers.
#pragma once

#include "source/checkpoint_parts.hpp"
#include "source/model_files.hpp"

namespace ovbake {

/// Whether `files` are a GGUF file, or a folder (or files elsewhere) whose weights are GGUF only.
bool is_gguf(const ModelFiles& files);

/// Throws an input error where there are several models, or where the one is malformed or of an
/// architecture that is not known.
CheckpointParts read_gguf_checkpoint(const ModelFiles& files);

}  // namespace ovbake
