// JSON as the project reads it: strict, with a limit on size and depth, and with the file's name in
// every error.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace ovbake {

using Json = nlohmann::ordered_json;

/// Parses `text`. Throws an input error that begins with `where` for malformed JSON, duplicate keys
/// in one object, or nesting deeper than 64.
Json parse_json(std::string_view text, std::string_view where);

/// Reads and parses a file of at most `max_bytes`.
Json read_json(const std::filesystem::path& path, std::uint64_t max_bytes = 64 << 20);

}  // namespace ovbake
