// JSON as the project reads it: strict, with limits on size and depth, and with the file's name in
// every error.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/json_fwd.hpp"
#include "base/random_access.hpp"

namespace ovbake {

/// Parses `text`, which may hold NaN, Infinity and -Infinity as Python writes them. Throws an input
/// error that begins with `where` for malformed JSON or UTF-8, a key that stands twice in one
/// object, or nesting deeper than 64.
Json parse_json(std::string_view text, std::string_view where);

/// Reads and parses a file of at most `max_bytes`.
Json read_json(const std::filesystem::path& path, std::uint64_t max_bytes = 64 << 20);

using TakeMember = std::function<void(std::string&& key, Json&& value)>;

/// Parses `bytes` bytes of `file` from `offset`, as strictly as parse_json, and hands over one
/// member after the other of the object that they hold: only one, of at most 4 MB, is in memory.
/// Throws an input error where they hold anything else.
void for_each_member(const RandomAccess& file, std::uint64_t offset, std::uint64_t bytes,
                     const TakeMember& take);

}  // namespace ovbake
