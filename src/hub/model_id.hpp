// "org/name", as models are called on a hub.
#pragma once

#include <string>
#include <string_view>

namespace ovbake {

/// Whether `text` is a name, or an organisation and a name, as a hub allows them.
bool is_model_id(std::string_view text);

/// "models--org--name": the folder of a model in the cache.
std::string cache_name(std::string_view model_id);

/// `text` for a place in a URL: everything but letters, digits and -._~ escaped, and / where it
/// separates the parts of a path.
std::string url_escaped(std::string_view text, bool keep_slashes);

}  // namespace ovbake
