// The tokenizer of a model that is baked, beside its graphs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "architecture/description/decoder.hpp"
#include "source/small_files.hpp"

namespace ovbake {

/// Writes the tokenizer IR of a checkpoint into `out`; returns what to warn of. Throws an input
/// error that says how to bake without.
std::vector<std::string> write_model_tokenizer(const SmallFiles& checkpoint, const Decoder& decoder,
                                               const std::filesystem::path& out);

/// What a plan can tell of it: the warnings, or the error that a bake would throw.
std::vector<std::string> plan_model_tokenizer(const SmallFiles& checkpoint, const Decoder& decoder);

}  // namespace ovbake
