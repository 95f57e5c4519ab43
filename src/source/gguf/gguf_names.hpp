// Names of GGUF files: which of many is meant, and which belong together.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ovbake {

/// Whether a file of this name is GGUF, and no projector of images for another model.
bool is_gguf_name(std::string_view name);

/// The one model among `names`: one file, or its parts "…-00001-of-00003.gguf" in order. Empty
/// where none is GGUF. Throws an input error that lists them where there are several, or parts are
/// missing.
std::vector<std::string> only_gguf(std::string_view where, const std::vector<std::string>& names);

/// The file `name` with the other parts of its model, in order; those that `names` lacks are
/// refused.
std::vector<std::string> gguf_parts(std::string_view where, const std::string& name,
                                    const std::vector<std::string>& names);

}  // namespace ovbake
